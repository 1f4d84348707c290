package io.drover.journal;

import java.util.Map;
import java.util.UUID;

/** The calls that dry runs did not make, for people. Nothing that is done depends on them. */
public interface KeptPreviews {

    /** Keeps it before its call has its result; a later attempt that comes to the same call keeps it again. */
    void keep(Preview preview);

    /** By the number of the call. */
    Map<Integer, Preview> of(UUID task);
}
