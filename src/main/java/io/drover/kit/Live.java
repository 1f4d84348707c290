package io.drover.kit;

import java.util.List;

/**
 * What is asked itself, and not stood in for. Whatever has an effect is always stood in for.
 *
 * @param models all models, whatever a case has them say
 * @param reads  tools that only read, whatever a case has them answer
 */
public record Live(boolean models, boolean reads) {

    /** Nothing outside of the process is reached. */
    public static final Live NOTHING = new Live(false, false);

    List<String> properties() {
        return List.of(
                "--drover.kit.live-models=" + models,
                "--drover.kit.live-reads=" + reads,
                "--drover.egress.mode=" + (reads ? "report" : "enforce"));
    }
}
