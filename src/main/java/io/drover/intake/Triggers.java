package io.drover.intake;

import java.util.List;
import org.springframework.stereotype.Component;

/** The kinds of triggers. What none of them knows by its scheme is a {@link SourceTrigger}. */
@Component
final class Triggers {

    private final List<Trigger> kinds;
    private final Trigger others = new SourceTrigger();

    Triggers(List<Trigger> kinds) {
        this.kinds = kinds;
    }

    Trigger of(String scheme) {
        return kinds.stream().filter(kind -> kind.isOf(scheme)).findFirst().orElse(others);
    }
}
