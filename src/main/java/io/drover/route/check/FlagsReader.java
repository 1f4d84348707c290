package io.drover.route.check;

import com.fasterxml.jackson.databind.JsonNode;
import io.drover.flag.Flag;
import io.drover.json.Excerpt;
import io.drover.json.Json;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads flags in flagd's format from a parsed file, and says what is wrong with them. */
final class FlagsReader {

    static final Set<String> TOP = Set.of("flags", "metadata", "$evaluators", "$schema");
    static final Set<String> FIELDS = Set.of("state", "variants", "defaultVariant", "targeting", "metadata");
    private static final Set<String> STATES = Set.of("ENABLED", "DISABLED");

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");

    private static final int MOST_FLAGS = 500;
    private static final int MOST_VARIANTS = 50;
    private static final int LONGEST_VALUE = 10_000;

    private final String file;
    private final SortedSet<Problem> problems = new TreeSet<>();

    /** @param file its name, for problems */
    FlagsReader(String file) {
        this.file = file;
    }

    /** @param flags those without a fault */
    record Read(List<Flag> flags, Collection<Problem> problems) {

        static Read failed(String file, int line, String message) {
            return new Read(List.of(), List.of(new Problem(file, line, message)));
        }
    }

    Read read(@Nullable Yaml root) {
        Yaml all = root == null ? null : root.get("flags");
        if (root == null || !root.isMapping() || all == null || !all.isMapping()) {
            return Read.failed(
                    file, 1, "it must hold 'flags:' and flags by name; a file without flags holds 'flags: {}'");
        }
        DuplicateKeys.check(root, this::problem);
        if (!problems.isEmpty()) {
            return new Read(List.of(), problems);
        }
        RulesReader.areKnown(root, TOP, "the file", this::problem);
        if (all.members().size() > MOST_FLAGS) {
            return Read.failed(
                    file,
                    all.line(),
                    "there are %d flags; there may be at most %d"
                            .formatted(all.members().size(), MOST_FLAGS));
        }
        FlagTargeting targeting = new FlagTargeting(root.get("$evaluators"), this::problem);
        List<Flag> flags = new ArrayList<>();
        for (Yaml.Member member : all.members()) {
            int before = problems.size();
            Flag flag = flag(member, targeting);
            if (flag != null && problems.size() == before) {
                flags.add(flag);
            }
        }
        return new Read(flags, problems);
    }

    private @Nullable Flag flag(Yaml.Member member, FlagTargeting targetings) {
        String name = member.name();
        Yaml flag = member.value();
        String what = "flag " + Excerpt.of(name);
        if (!NAME.matcher(name).matches()) {
            problem(
                    member.key().line(),
                    "flag '%s': a name is 1 to 100 letters, digits, '.', '_' and '-', and begins with a letter or digit"
                            .formatted(Excerpt.of(name)));
        }
        if (!flag.isMapping()) {
            problem(flag.line(), "%s must be a mapping with 'state', 'variants' and 'defaultVariant'".formatted(what));
            return null;
        }
        RulesReader.areKnown(flag, FIELDS, what, this::problem);
        String state = flag.text("state");
        if (!STATES.contains(state)) {
            problem(
                    flag.line("state"),
                    "%s: state '%s': it must be ENABLED or DISABLED%s"
                            .formatted(what, Excerpt.of(state), Nearest.hint(state, STATES)));
        }
        Map<String, JsonNode> variants = variants(flag, what);
        String byDefault = byDefault(flag, what, variants.keySet());
        Yaml targeting = flag.get("targeting");
        JsonNode rule = targeting == null ? null : targetings.of(targeting, what, variants.keySet());
        return new Flag(
                name,
                state.equals("ENABLED"),
                variants,
                byDefault,
                rule == null || rule.isEmpty() ? null : Json.write(rule));
    }

    private Map<String, JsonNode> variants(Yaml flag, String what) {
        Map<String, JsonNode> variants = new LinkedHashMap<>();
        Yaml all = flag.get("variants");
        if (all == null
                || !all.isMapping()
                || all.members().isEmpty()
                || all.members().size() > MOST_VARIANTS) {
            problem(
                    flag.line("variants"),
                    "%s: variants must be 1 to %d values by name, as in { \"on\": true, \"off\": false }"
                            .formatted(what, MOST_VARIANTS));
            return variants;
        }
        String type = null;
        for (Yaml.Member variant : all.members()) {
            JsonNode value = variant.value().json();
            String its = type(value);
            if (its.isEmpty() || type != null && !type.equals(its)) {
                problem(
                        variant.value().line(),
                        "%s: variant '%s' must be a boolean, a string, a number or an object, and of the same type as the others"
                                .formatted(what, Excerpt.of(variant.name())));
            } else if (Json.write(value).length() > LONGEST_VALUE) {
                problem(
                        variant.value().line(),
                        "%s: variant '%s' has more than %d characters"
                                .formatted(what, Excerpt.of(variant.name()), LONGEST_VALUE));
            }
            type = its;
            variants.put(variant.name(), value);
        }
        return variants;
    }

    /** Empty for what cannot be a value. */
    private static String type(JsonNode value) {
        return switch (value.getNodeType()) {
            case BOOLEAN, STRING, NUMBER, OBJECT -> value.getNodeType().name();
            default -> "";
        };
    }

    private @Nullable String byDefault(Yaml flag, String what, Set<String> variants) {
        Yaml said = flag.get("defaultVariant");
        if (said == null || said.json().isNull()) {
            return null; // the expression that asks says what it is
        }
        String name = said.text();
        if (!variants.isEmpty() && !variants.contains(name)) {
            problem(
                    said.line(),
                    "%s: defaultVariant '%s' is no variant%s".formatted(what, Excerpt.of(name), there(name, variants)));
        }
        return name;
    }

    static String there(String name, Set<String> variants) {
        String hint = Nearest.hint(name, variants);
        return hint.isEmpty() ? "; there are " + String.join(", ", variants) : hint;
    }

    private void problem(int line, String message) {
        problems.add(new Problem(file, line, message));
    }
}
