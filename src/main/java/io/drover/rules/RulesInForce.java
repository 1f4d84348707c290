package io.drover.rules;

import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** The rules that this process enforces: those that were read last and could be. Before that no call is made. */
@Component
public class RulesInForce {

    private volatile @Nullable Rules rules;
    private volatile String missing = "the rules have not been read yet";

    /** The rules, or null where none have been read. */
    public @Nullable Rules current() {
        return rules;
    }

    /** Why there are none. */
    public String missing() {
        return missing;
    }

    public void put(Rules next) {
        rules = next;
    }

    /** The file cannot be used; what is in force stays. */
    public void unusable(String why) {
        missing = why;
    }
}
