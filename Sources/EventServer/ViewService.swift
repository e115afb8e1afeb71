internal import CanonicalJSON
internal import EventModel
internal import ProjectionRuntime
internal import WireProtocol

/// Carries out questions to read models. Every answer is one bulk string of canonical JSON.
struct ViewService: Sendable {
    let views: ProjectionRuntime

    @concurrent
    func reply(to request: ViewRequest) async -> RESPValue {
        switch request {
        case .get(let view, let key, let options): return await answer(view, .get(key), options)
        case .why(let view, let key, let field, let options):
            return await answer(view, .why(key, field: field), options)
        case .scan(let view, let options): return await answer(view, .scan, options)
        case .report(let view, let options): return await answer(view, .report, options)
        case .list: return .array(views.status.map { .text($0.name) })
        case .wait(let view, let position, let milliseconds):
            do throws(ViewError) {
                let reached = try await views.wait(
                    for: view, toReach: position, atMost: .milliseconds(milliseconds))
                return reached.map(RESPValue.position) ?? .null
            } catch {
                return .refusal(error)
            }
        }
    }

    private func answer(_ view: String, _ kind: ViewQuestion.Kind, _ options: ViewOptions) async -> RESPValue {
        do throws(ViewError) {
            let question = ViewQuestion(
                kind, try parameters(options.parameters),
                bounds: ReplayBounds(at: options.at, asOf: options.asOf))
            return try await views.answer(view, question).map { .bulk($0.canonicalBytes) } ?? .null
        } catch {
            return .refusal(error)
        }
    }

    private func parameters(_ bytes: [UInt8]?) throws(ViewError) -> ViewParameters {
        guard let bytes else { return try ViewParameters() }
        let json: JSON
        do throws(JSONError) {
            json = try JSON(parsing: bytes)
        } catch {
            throw .badParameter(name: "WITH", found: "not strict JSON: \(error.finding)", allowed: "one JSON object")
        }
        return try ViewParameters(json)
    }
}
