package io.drover.journal;

import io.drover.encryption.SealedColumn;
import io.drover.encryption.Seals;
import io.drover.journal.TaskDecisions.Decision;
import io.drover.who.Actor;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A call about which a person decides, and what was decided about it before.
 *
 * @param decision the last decision's word, or null
 * @param usedAt   since when an attempt works with that decision, or null
 */
record DecidedCall(
        String tool,
        CallState state,
        @Nullable String result,
        @Nullable String decision,
        @Nullable String decidedBy,
        @Nullable Instant decidedAt,
        @Nullable Instant usedAt) {

    static DecidedCall read(ResultSet row, UUID task, Seals seals) throws SQLException {
        return new DecidedCall(
                row.getString("tool"),
                CallState.valueOf(row.getString("state")),
                seals.open(SealedColumn.CALL_RESULT, task, row.getString("result"), row.getString("address")),
                row.getString("decision"),
                row.getString("decided_by"),
                instant(row.getTimestamp("decided_at")),
                instant(row.getTimestamp("used_at")));
    }

    private static @Nullable Instant instant(@Nullable Timestamp time) {
        return time == null ? null : time.toInstant();
    }

    /** Whether the decision in force is this one: the answer to it was lost, and it came again. */
    boolean isRepeatedBy(Decision again, Actor who) {
        return stands()
                && who.name().equals(decidedBy)
                && again.resolution().word().equals(decision)
                && Objects.equals(again.recorded(), result);
    }

    /** What keeps the actor from deciding, or null. @param seen the call as it was when the decision arrived */
    @Nullable
    String problem(int n, Decision next, Actor who, TaskStatus status, @Nullable DecidedCall seen) {
        if (!stands()) {
            return undecided(n, status);
        }
        String before =
                "call %d (tool:%s) was decided '%s' by %s at %s".formatted(n, tool, decision, decidedBy, decidedAt);
        if (seen != null && !Objects.equals(seen.decidedAt, decidedAt)) {
            return before + ", while this decision was made; nothing is changed";
        }
        if (usedAt != null) {
            return before + ", and an attempt has used that since %s; it cannot be replaced any more".formatted(usedAt);
        }
        if (status == TaskStatus.RUNNING || wentOn()) {
            return before + ", and an attempt uses that; it cannot be replaced any more";
        }
        if (next.replaces() == null
                ? !who.name().equals(decidedBy)
                : !next.replaces().equals(decidedAt)) {
            return before + "; to replace that decision, send its time as 'replaces'";
        }
        return null;
    }

    private @Nullable String undecided(int n, TaskStatus status) {
        if (state.byPerson().isEmpty()) {
            return "call %d (tool:%s) is %s; only a call that is IN_DOUBT, or was interrupted while STARTED, can be resolved"
                    .formatted(n, tool, state);
        }
        if (status == TaskStatus.RUNNING) { // the attempt holds its own copy of the call and may be settling it
            return "the task is RUNNING, so call %d (tool:%s) may still end by itself; try again when the task waits"
                    .formatted(n, tool);
        }
        return null;
    }

    /** Whether the call is what became of the last decision, and not in doubt again. */
    private boolean stands() {
        return decision != null && decidedAt != null && (state.isFinal() || state == CallState.AGAIN);
    }

    /** A worker of an earlier release does not record that it uses a decision. */
    private boolean wentOn() {
        return state != PostgresTaskDecisions.state(TaskDecisions.Resolution.of(decision));
    }

    /** The decision that another replaces, for the audit table: null unless it stands. */
    @Nullable
    String replaced() {
        return stands() ? "%s by %s at %s".formatted(decision, decidedBy, decidedAt) : null;
    }
}
