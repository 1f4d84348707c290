package io.drover.rules;

import java.util.Locale;

/** What a rule says about a call, the weakest first. */
public enum Ruling {
    PERMIT,
    ASK,
    FORBID;

    /** As it stands in a rules file and in metrics. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
