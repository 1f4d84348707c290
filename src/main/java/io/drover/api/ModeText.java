package io.drover.api;

import io.drover.journal.Mode;
import org.jspecify.annotations.Nullable;

/** The mode that a request names. */
final class ModeText {

    private ModeText() {}

    static @Nullable Mode parse(@Nullable String mode) {
        Mode known = mode == null ? null : Mode.find(mode);
        if (mode != null && known == null) {
            throw ProblemException.badField("mode", mode, "is unknown", "live or dry-run");
        }
        return known;
    }
}
