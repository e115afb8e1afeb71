import CRMEvents
import CanonicalJSON
import EventModel
import Testing

@Suite struct `The personal part of an event` {
    private func part(_ contents: [PersonalContent], slots: [PersonalSlot] = []) throws -> PersonalPart {
        var event = try recorded("contact.created", "contact-17", ["contact_id": "17"])
        event.slots = slots
        event.personal = contents
        return try CRMEvent(event).personal
    }

    private var slot: PersonalSlot {
        PersonalSlot(key: "k1", purpose: "identity", fieldRoot: [], ciphertextHash: [], ciphertextByteCount: 0)
    }

    @Test func `is nothing where the event has no slot`() throws {
        guard case .nothing = try part([]) else { Issue.record("something"); return }
    }

    @Test func `gives opened fields by their dotted path`() throws {
        let fields: JSON = [
            "email": "a@example.com", "person": ["family_name": "王"],
            "changes": ["phone": ["new": "+8613800000000", "old": .null]],
        ]
        let part = try self.part([.opened(fields.canonicalBytes)], slots: [slot])
        #expect(part["email"]?.text == "a@example.com")
        #expect(part["person.family_name"]?.text == "王")
        #expect(part["changes.phone.new"]?.text == "+8613800000000")
        #expect(part["changes.phone.old"]?.isNull == true)
        #expect(part["person.email"] == nil && part["email.domain"] == nil && part["phone"] == nil)
    }

    @Test func `says that a person was erased, and where`() throws {
        let part = try self.part([.erased(at: Position(9))], slots: [slot])
        guard case .erased(let position) = part else { Issue.record("not erased"); return }
        #expect(position == Position(9) && part["email"] == nil)
    }

    @Test func `is sealed for a reader without the right, and where nobody has opened it`() throws {
        let cases: [([PersonalContent], String)] = [([.sealed(purpose: "sales")], "sales"), ([], "identity")]
        for (contents, expected) in cases {
            let part = try self.part(contents, slots: [slot])
            guard case .sealed(let purpose) = part else { Issue.record("not sealed"); return }
            #expect(purpose == expected && part["email"] == nil)
        }
    }

    @Test func `that is no object stops the reader, and names no byte of it`() throws {
        for bytes in ["[]", "{", "\"secret\""] {
            let error = try #require(throws: UndecodableEvent.self) {
                try part([.opened(Array(bytes.utf8))], slots: [slot])
            }
            #expect(error.field == "personal" && !error.description.contains("secret"))
        }
    }
}
