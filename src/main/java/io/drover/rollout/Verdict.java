package io.drover.rollout;

import java.util.List;

/**
 * What the judge says of a candidate.
 *
 * @param reason   a sentence for people
 * @param evidence of each guardrail
 */
record Verdict(Kind kind, String reason, List<Evidence> evidence) {

    enum Kind {
        /** A guardrail's share is greater than the control's; it is never taken back. */
        WORSE,
        /** No guardrail's share is greater by its tolerance, and enough tasks were compared. */
        GOOD,
        /** Neither is shown. */
        OPEN
    }
}
