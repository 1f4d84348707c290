package io.drover.tool;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.drover.json.Json;
import io.drover.json.Redaction;
import io.drover.start.Bounds;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The rules of a tool's options, wherever they are set.
 * A value may still be text. A text of another type than its option's passes, because types are checked elsewhere.
 */
public final class ToolRules {

    private static final Pattern FLAG = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");

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
        redaction(setting, value, problems);
        notices(setting, value, problems);
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

    /** A value that is redacted stands in no text and in no cache, and two of them are not one effect. */
    private static void redaction(
            UnaryOperator<String> setting,
            Function<String, @Nullable Object> value,
            SequencedMap<String, String> problems) {
        Object said = value.apply("redact");
        if (said == null || said.toString().isBlank() || said.toString().contains("{{")) {
            return;
        }
        for (String option : List.of("cache", "summary")) {
            Object other = value.apply(option);
            boolean off = other == null || option.equals("cache") && ToolOptions.CACHE.isLeast(other);
            if (!off) {
                problems.putIfAbsent(
                        "redact",
                        "%s does not go with %s, which would keep the fields elsewhere; leave one of the two out"
                                .formatted(setting.apply("redact"), setting.apply(option)));
            }
        }
        String key = String.valueOf(value.apply("effectKey"));
        for (String field : Redaction.of(said.toString()).fields()) {
            String last = field.substring(field.lastIndexOf('.') + 1);
            if (Pattern.compile("(?<![\\w])" + Pattern.quote(last) + "(?![\\w])")
                    .matcher(key)
                    .find()) {
                problems.putIfAbsent(
                        "effectKey",
                        "%s (%s) names %s, which is redacted, so it would tell no effects from each other; use another argument"
                                .formatted(setting.apply("effectKey"), key, field));
            }
        }
    }

    private static void notices(
            UnaryOperator<String> setting,
            Function<String, @Nullable Object> value,
            SequencedMap<String, String> problems) {
        Object approval = value.apply("approval");
        boolean asks = approval != null && !approval.toString().strip().equals(Approval.NEVER);
        Object within = value.apply("decideWithin");
        for (String option : List.of("remind", "escalate")) {
            Object after = value.apply(option + "After");
            if ((value.apply(option) == null) != (after == null)) {
                String said = after == null ? option : option + "After";
                problems.putIfAbsent(
                        said,
                        "%s says nothing without %s; set that too, or leave it out"
                                .formatted(setting.apply(said), after == null ? option + "After" : option));
            } else if (after != null && !asks) {
                problems.putIfAbsent(
                        option,
                        "%s says nothing without an approval; set that too, or leave it out"
                                .formatted(setting.apply(option)));
            } else if (!ToolOptions.DECISION.isLess(after, within)) {
                problems.putIfAbsent(
                        option + "After",
                        "%s (%s) must be less than decideWithin (%s), because the request is over then"
                                .formatted(setting.apply(option + "After"), after, within));
            }
        }
    }

    private static @Nullable String notified(String setting, String said) {
        if (said.contains("{{")) {
            return null;
        }
        if (!said.strip().startsWith(Approval.TOOL)) {
            return "%s (%s) is not a tool; write tool:<name>".formatted(setting, said);
        }
        try {
            ToolName.check(setting, said.strip().substring(Approval.TOOL.length()));
            return null;
        } catch (IllegalArgumentException e) {
            return e.getMessage();
        }
    }

    private static @Nullable String flag(String setting, String said) {
        return said.contains("{{") || FLAG.matcher(said).matches()
                ? null
                : "%s (%s) must be the name of a flag: letters, digits, '.', '_' and '-'".formatted(setting, said);
    }

    private static @Nullable String document(String setting, String said) {
        if (said.contains("{{")) {
            return null;
        }
        try {
            String unfit = Json.problem(Json.parse(said));
            return unfit == null ? null : "%s (%s) holds %s".formatted(setting, said, unfit);
        } catch (JsonProcessingException e) {
            return "%s (%s) must be a JSON document, as in {\"id\": \"none\"}: %s"
                    .formatted(setting, said, Json.reason(e));
        }
    }

    private static @Nullable String problem(String option, String setting, Object said) {
        if (option.equals("remind") || option.equals("escalate")) {
            return notified(setting, said.toString());
        }
        if (option.equals("redact")) {
            return said.toString().isBlank() || said.toString().contains("{{")
                    ? null
                    : Redaction.problem(setting, said.toString());
        }
        if (option.equals("flag")) {
            return flag(setting, said.toString());
        }
        if (option.startsWith("effect")) {
            return EffectKey.problem(option, setting, said.toString());
        }
        if (option.equals("dryRunResult")) {
            return document(setting, said.toString());
        }
        Bounds<?> bounds = ToolOptions.BOUNDS.get(option);
        return bounds != null
                ? bounds.problem(setting, said)
                : option.equals("throttle") ? Rate.problem(setting, said.toString()) : null;
    }
}
