package io.drover.rules;

import java.util.List;

/** A condition is no CEL, or uses a name that does not exist. */
public final class FaultyConditionException extends Exception {

    private static final long serialVersionUID = 1;

    private final transient List<Fault> faults;

    FaultyConditionException(List<Fault> faults) {
        super(faults.getFirst().message());
        this.faults = List.copyOf(faults);
    }

    public List<Fault> faults() {
        return faults;
    }
}
