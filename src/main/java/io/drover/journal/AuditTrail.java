package io.drover.journal;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Who decided what: the audit table, to be read. */
public interface AuditTrail {

    /**
     * Selects the entries that match all fields.
     *
     * @param actor who decided, or null for anyone
     * @param what  the action's word, or null for any
     * @param task  about which it was decided, or null for any or none
     * @param since null, or only entries of that time or later
     * @param until null, or only entries before that time
     */
    record Filter(
            @Nullable String actor,
            @Nullable String what,
            @Nullable UUID task,
            @Nullable Instant since,
            @Nullable Instant until) {}

    /**
     * A decision.
     *
     * @param id     grows with each entry
     * @param detail a JSON object, or null
     */
    record Entry(long id, Instant at, String actor, String what, @Nullable UUID task, @Nullable String detail) {}

    /** The newest entries that match, newest first. @param before null, or only entries with a smaller id */
    List<Entry> list(Filter filter, int limit, @Nullable Long before);
}
