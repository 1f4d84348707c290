package io.drover.tool;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The rules for the names of tools, workflows, agents and models. */
public final class ToolName {

    /** Names that providers use, without the characters that have a meaning for Camel or in a URL. */
    private static final String MODEL = "[A-Za-z0-9][A-Za-z0-9._()+@:=-]{0,63}";

    private static final Pattern OF_MODEL = Pattern.compile(MODEL);

    private static final Pattern NAME = Pattern.compile("(?:memory\\.)?[A-Za-z][A-Za-z0-9_-]{0,63}|model\\." + MODEL);

    private ToolName() {}

    /**
     * @param setting what has the name, as {@code tool:charge} or {@code drover.tools.charge}
     * @throws IllegalArgumentException if a tool, workflow or agent cannot have the name
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
     * @throws IllegalArgumentException if a model cannot have the name
     */
    public static void checkModel(String setting, String name) {
        if (!OF_MODEL.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "%s needs a name of 1 to 64 letters, digits and ._-()+@:= that begins with a letter or digit"
                            .formatted(setting));
        }
    }
}
