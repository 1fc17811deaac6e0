internal import EventLog
internal import Views

extension DeclarationCase {
    public mutating func take(_ step: CaseStep) {
        steps.append(step)
        if let other = step.about {
            declarations.add(other)
            return
        }
        // A rejection is the answer to a request, if one is open.
        let isAnswer = hasOpenRequest
        takeStatus(step)
        takeRequirements(step, isAnswer: isAnswer)
        takeObligations(step)
        holds.take(step)
        permits.take(step)
    }

    private mutating func takeStatus(_ step: CaseStep) {
        switch step.event {
        case .declarationLodged:
            lodgement = lodgement ?? step
            if [.unknown, .rejected].contains(status) { status = .lodged }
        case .declarationAccepted:
            accepted = accepted ?? step.moment
            if [.unknown, .lodged, .rejected].contains(status) { status = .accepted }
        case .declarationRejected:
            if [.unknown, .lodged, .accepted].contains(status), !hasOpenRequest { status = .rejected }
            hasOpenRequest = false
        case .declarationAmended:
            hasOpenRequest = step.text("stage") == "requested"
        case .declarationWithdrawn:
            let stage = step.text("stage")
            hasOpenRequest = stage == "requested"
            let isWithdrawn = stage == "completed" || stage == "decided" && step.text("decision") == "granted"
            // Who only declares may ask for it; to decide is for those who deal with the declaration.
            if isWithdrawn, requirements.contains(where: { $0.agency == step.agency }) { status = .withdrawn }
        case .releaseCompleted:
            released = released ?? step.moment
            if ![.cleared, .departed, .withdrawn].contains(status) { status = .released }
        case .clearanceClosed:
            if ![.departed, .withdrawn].contains(status) { status = .cleared }
        case .conveyanceArrived:
            arrived = arrived ?? step.moment
        case .conveyanceDeparted:
            if step.text("declaration") != nil, status != .withdrawn { status = .departed }
        default: break
        }
    }

    private mutating func takeRequirements(_ step: CaseStep, isAnswer: Bool) {
        switch step.event {
        case .declarationAccepted:
            if !requirements.contains(where: { $0.agency == step.agency && $0.state != .refused }) {
                requirements.open(step.agency, by: step)
            }
        case .declarationRejected:
            if !isAnswer { requirements.set(step.agency, .refused, by: step) }
        case .declarationExamined:
            switch step.text("result") {
            case "returned": requirements.set(step.agency, .refused, by: step)
            case "inspection": requirements.open(step.agency, by: step)
            default: break
            }
        case .inspectionOrdered, .documentRequested:
            requirements.open(step.agency, by: step)
        case .inspectionNotified:
            // A list that cannot be read asks for a release that nobody can give.
            let agencies = step.isLong("participants") ? ["?"] : step["participants"].texts
            for agency in agencies { requirements.open(agency, by: step) }
        case .releaseGranted, .clearanceClosed:
            requirements.set(step.agency, .granted, by: step)
        case .resultRecognised:
            if requirements.first(where: { $0.agency == step.agency })?.state != .granted {
                requirements.set(step.agency, .recognised, by: step)
            }
        case .recognitionRevoked:
            let isOpenAgain = requirements.contains {
                $0.agency == step.agency && $0.state == .recognised && $0.settledBy == step.text("recognition")
            }
            if isOpenAgain { requirements.set(step.agency, .open, by: step) }
        default: break
        }
    }

    private mutating func takeObligations(_ step: CaseStep) {
        switch step.event {
        case .dutyAssessed:
            guard step.text("stage") != "payment-reminded" else { return }
            obligations.set(.duty, step.text("bill") ?? "", hasStandingGuarantee ? .guaranteed : .open, by: step)
        case .dutyPaid:
            obligations.settle(.duty, step.text("bill"), .paid, at: step.position)
        case .guaranteeLodged:
            if let guarantee = step.text("guarantee") { guarantees.add(guarantee) }
            let bill = step.text("bill")
            if bill == nil { hasStandingGuarantee = true }
            obligations.settle(.duty, bill, .guaranteed, at: step.position)
        case .releaseGranted:
            if step.text("condition") == "test-pending" {
                obligations.set(.test, step.agency, .open, by: step)
            } else if step.text("condition") ?? "none" == "none" {
                obligations.settle(.test, step.agency, .done, at: step.position)
            }
        case .inspectionCompleted:
            if step.text("result") == "no-finding" {
                obligations.settle(.test, step.agency, .done, at: step.position)
            }
        default: break
        }
    }
}
