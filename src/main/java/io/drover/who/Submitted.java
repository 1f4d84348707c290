package io.drover.who;

import org.jspecify.annotations.Nullable;

/** A view of something that its submitter may read as a whole. */
public interface Submitted {

    /** Who or what submitted it, as {@link Actor#name} writes it. */
    @Nullable
    String submittedBy();
}
