package io.drover.tool;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What tools, workflows, agents and models may be called. */
public final class ToolName {

    /** What a model may be called: what its provider calls it, but for what means something to Camel or in a URL. */
    private static final String MODEL = "[A-Za-z0-9][A-Za-z0-9._()+@:=-]{0,63}";

    private static final Pattern OF_MODEL = Pattern.compile(MODEL);

    private static final Pattern NAME = Pattern.compile("(?:memory\\.)?[A-Za-z][A-Za-z0-9_-]{0,63}|model\\." + MODEL);

    private ToolName() {}

    /**
     * @param setting what has the name, as {@code tool:charge} or {@code drover.tools.charge}
     * @throws IllegalArgumentException when no tool, workflow or agent can have the name
     */
    public static void check(String setting, @Nullable String name) {
        if (name == null || !NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "%s needs a name of 1 to 64 letters, digits, '_' and '-', beginning with a letter"
                            .formatted(setting));
        }
    }

    /**
     * @param setting what has the name, as {@code drover.models.default}
     * @throws IllegalArgumentException when no model can have the name
     */
    public static void checkModel(String setting, String name) {
        if (!OF_MODEL.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "%s needs a name of 1 to 64 letters, digits and ._-()+@:= that begins with a letter or digit"
                            .formatted(setting));
        }
    }
}
