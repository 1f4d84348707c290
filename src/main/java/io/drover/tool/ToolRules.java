package io.drover.tool;

import io.drover.start.Bounds;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The rules of a tool's options, wherever they are set.
 * A value may still be text. A text of another type than its option's passes, because types are checked elsewhere.
 */
public final class ToolRules {

    private ToolRules() {}

    /**
     * The problems of each option by itself; empty if there is none.
     *
     * @param setting the name of an option where it was set, as in {@code drover.tools.charge.max-result-bytes}
     * @param value   the value of an option; null if it is not set
     * @return sentences by option, which name the setting, its value and the rule
     */
    public static SequencedMap<String, String> ofEach(
            UnaryOperator<String> setting, Function<String, @Nullable Object> value) {
        SequencedMap<String, String> problems = new LinkedHashMap<>();
        for (String option : ToolOptions.FIELDS.names()) {
            Object said = value.apply(option);
            String problem = said == null ? null : problem(option, setting.apply(option), said);
            if (problem != null) {
                problems.put(option, problem);
            }
        }
        return problems;
    }

    /** The same, and the problems of options that do not fit together. All options of the tool must be known. */
    public static SequencedMap<String, String> ofAll(
            UnaryOperator<String> setting, Function<String, @Nullable Object> value) {
        SequencedMap<String, String> problems = ofEach(setting, value);
        Object cache = value.apply("cache");
        boolean cached = cache != null && !ToolOptions.CACHE.isLeast(cache);
        if (cached && !String.valueOf(value.apply("readOnlyHint")).equals("true")) {
            problems.putIfAbsent(
                    "cache",
                    "%s: only for a tool that changes nothing; say readOnlyHint: true if that is so"
                            .formatted(setting.apply("cache")));
        }
        effects(setting, value, problems);
        return problems;
    }

    private static void effects(
            UnaryOperator<String> setting,
            Function<String, @Nullable Object> value,
            SequencedMap<String, String> problems) {
        boolean keyed = value.apply("effectKey") != null;
        if (keyed && String.valueOf(value.apply("readOnlyHint")).equals("true")) {
            problems.putIfAbsent(
                    "effectKey",
                    "%s: a tool with readOnlyHint has no effect; leave one of the two out"
                            .formatted(setting.apply("effectKey")));
        }
        for (String option : List.of("effectScope", "effect")) {
            if (!keyed && value.apply(option) != null) {
                problems.putIfAbsent(
                        option,
                        "%s says nothing without an effectKey; set that too, or leave it out"
                                .formatted(setting.apply(option)));
            }
        }
    }

    private static @Nullable String problem(String option, String setting, Object said) {
        if (option.startsWith("effect")) {
            return EffectKey.problem(option, setting, said.toString());
        }
        Bounds<?> bounds = ToolOptions.BOUNDS.get(option);
        return bounds != null
                ? bounds.problem(setting, said)
                : option.equals("throttle") ? Rate.problem(setting, said.toString()) : null;
    }
}
