package io.drover.flag;

import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** The flags of the file that was read last and could be. Before that, who asks for a flag waits. */
@Component
public class FlagsInForce {

    private volatile @Nullable FlagSet flags;
    private volatile String missing = "the flags have not been read yet";

    /** The flags, or null where none have been read. */
    public @Nullable FlagSet current() {
        return flags;
    }

    /** Why there are none. */
    String missing() {
        return missing;
    }

    public void put(FlagSet next) {
        flags = next;
    }

    /** The file cannot be used; what is in force stays. */
    public void unusable(String why) {
        missing = why;
    }
}
