import ArgumentParser
import EventLog
import EventModel
import PersonalData
import SubjectKeys

/// Whether a command writes personal fields into a file, where they stand in clear: only when somebody says so.
struct PersonalOptions: ParsableArguments {
    @Flag(help: "Open personal fields, which the file then holds in clear. Takes the root key (--root-key).")
    var openPersonal = false

    /// The events with their personal fields where that was asked for, and sealed otherwise.
    func events(of log: EventLog, _ options: DataOptions) throws -> any EventSource {
        guard openPersonal else { return log }
        let keys = LogKeys(of: options.directory, rootKey: options.rootKey)
        guard keys.exist else {
            throw ValidationError("--open-personal takes the keys of the log, and there are none in '\(keys.keys)'")
        }
        do throws(KeyStoreError) {
            return OpenedEvents(log, PersonalReader(try keys.open(for: log), log, .every))
        } catch {
            throw failure(error)
        }
    }
}
