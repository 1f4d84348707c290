package io.drover.route.check;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drover.json.Excerpt;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the targeting of flags: JsonLogic, as far as it takes a bounded time and ends in a variant.
 * What is known about a task are plain values, so there is nothing to loop over.
 */
final class FlagTargeting {

    private static final Set<String> OPERATIONS = Set.of(
            "var",
            "missing",
            "missing_some",
            "if",
            "?:",
            "==",
            "===",
            "!=",
            "!==",
            "!",
            "!!",
            "and",
            "or",
            ">",
            ">=",
            "<",
            "<=",
            "+",
            "-",
            "*",
            "/",
            "%",
            "min",
            "max",
            "cat",
            "substr",
            "in",
            "fractional",
            "sem_ver",
            "starts_with",
            "ends_with");

    /** What they come to is true or false. */
    private static final Set<String> TESTS = Set.of(
            "==", "===", "!=", "!==", "!", "!!", ">", ">=", "<", "<=", "in", "sem_ver", "starts_with", "ends_with");

    private static final String REFERENCE = "$ref";

    private static final int DEEPEST = 40;
    private static final int MOST_PARTS = 2000;
    private static final int MOST_SHARES = 50;

    /** flagd multiplies it by 100 and adds all of them up, as integers. */
    private static final int HEAVIEST = 100_000;

    private final @Nullable Yaml evaluators;
    private final BiConsumer<Integer, String> problem;
    private int parts;

    FlagTargeting(@Nullable Yaml evaluators, BiConsumer<Integer, String> problem) {
        this.evaluators = evaluators;
        this.problem = problem;
        if (evaluators != null && !evaluators.isMapping()) {
            problem.accept(evaluators.line(), "$evaluators must be targetings by name");
        }
    }

    /** The targeting as JSON, or null where it is not usable. */
    @Nullable
    JsonNode of(Yaml targeting, String what, Set<String> variants) {
        if (!targeting.isMapping()) {
            problem.accept(targeting.line(), "%s: targeting must be an operation of JsonLogic".formatted(what));
            return null;
        }
        if (targeting.members().isEmpty()) {
            return JsonNodeFactory.instance.objectNode();
        }
        parts = 0;
        JsonNode rule = read(targeting, what + ": targeting", 0, true);
        if (rule != null && !variants.isEmpty()) {
            ends(targeting, what + ": targeting", variants, 0);
        }
        return rule;
    }

    private @Nullable JsonNode read(Yaml node, String what, int depth, boolean mayRefer) {
        if (depth > DEEPEST || ++parts > MOST_PARTS) {
            if (depth > DEEPEST || parts == MOST_PARTS + 1) {
                problem.accept(
                        node.line(),
                        "%s is nested more than %d deep, or has more than %d parts"
                                .formatted(what, DEEPEST, MOST_PARTS));
            }
            return null;
        }
        if (node.isSequence()) {
            ArrayNode array = JsonNodeFactory.instance.arrayNode();
            boolean good = true;
            for (Yaml item : node.items()) {
                JsonNode read = read(item, what, depth + 1, mayRefer);
                good &= read != null;
                array.add(read);
            }
            return good ? array : null;
        }
        return node.isMapping() ? operation(node, what, depth, mayRefer) : node.json();
    }

    private @Nullable JsonNode operation(Yaml node, String what, int depth, boolean mayRefer) {
        if (node.members().size() != 1) {
            problem.accept(
                    node.line(),
                    "%s: an operation is a mapping with one member, as in { var: country }".formatted(what));
            return null;
        }
        Yaml.Member member = node.members().getFirst();
        String name = member.name();
        if (name.equals(REFERENCE)) {
            Yaml evaluator = referred(member.value(), what, mayRefer);
            return evaluator == null ? null : read(evaluator, what, depth + 1, false);
        }
        if (!OPERATIONS.contains(name)) {
            String hint = Nearest.hint(name, OPERATIONS);
            problem.accept(
                    member.key().line(),
                    "%s: '%s' is not an operation%s"
                            .formatted(
                                    what,
                                    Excerpt.of(name),
                                    hint.isEmpty()
                                            ? "; there are " + String.join(", ", new TreeSet<>(OPERATIONS))
                                            : hint));
            return null;
        }
        if (name.equals("fractional")) {
            shares(member.value(), what);
        }
        JsonNode arguments = read(member.value(), what, depth + 1, mayRefer);
        if (arguments == null) {
            return null;
        }
        ObjectNode operation = JsonNodeFactory.instance.objectNode();
        operation.set(name, arguments);
        return operation;
    }

    private @Nullable Yaml referred(Yaml reference, String what, boolean mayRefer) {
        Yaml evaluator = evaluators == null ? null : evaluators.get(reference.text());
        if (!mayRefer) {
            problem.accept(reference.line(), "%s: one of $evaluators cannot name another".formatted(what));
            return null;
        }
        if (evaluator == null) {
            problem.accept(
                    reference.line(),
                    "%s: there is no '%s' among $evaluators".formatted(what, Excerpt.of(reference.text())));
        }
        return evaluator;
    }

    /** flagd says nothing about shares that it cannot read: every task would get the default. */
    private void shares(Yaml fractional, String what) {
        List<Yaml> shares = fractional.items();
        List<Yaml> all = shares.isEmpty() || shares.getFirst().isSequence() ? shares : shares.subList(1, shares.size());
        if (all.isEmpty() || all.size() > MOST_SHARES || shares.size() < 2) {
            problem.accept(
                    fractional.line(),
                    "%s: fractional must be a list of 2 to %d shares, as in [ [on, 5], [off, 95] ]"
                            .formatted(what, MOST_SHARES));
            return;
        }
        long sum = 0;
        for (Yaml share : all) {
            List<Yaml> pair = share.items();
            int weight = pair.size() == 2 ? weight(pair.get(1)) : pair.size() == 1 ? 1 : -1;
            if (weight < 0
                    || !pair.getFirst().isScalar()
                    || !pair.getFirst().json().isTextual()) {
                problem.accept(
                        share.line(),
                        "%s: a share of fractional is the name of a variant and a whole number from 0 to %d, as in [on, 5]"
                                .formatted(what, HEAVIEST));
                return;
            }
            sum += weight;
        }
        if (sum == 0) {
            problem.accept(fractional.line(), "%s: the shares of fractional add up to nothing".formatted(what));
        }
    }

    private static int weight(Yaml weight) {
        JsonNode number = weight.json();
        return number.isNumber()
                        && number.canConvertToExactIntegral()
                        && number.canConvertToInt()
                        && number.intValue() <= HEAVIEST
                ? number.intValue()
                : -1;
    }

    /** What a targeting can come to, as far as that is written in it, are variants. */
    private void ends(Yaml node, String what, Set<String> variants, int depth) {
        if (depth > DEEPEST) {
            return;
        }
        if (node.isScalar()) {
            JsonNode value = node.json();
            if (!value.isNull()) {
                is(node.line(), value.asText(), what, variants);
            }
            return;
        }
        if (node.members().size() != 1) {
            return;
        }
        Yaml.Member member = node.members().getFirst();
        List<Yaml> arguments = member.value().isSequence() ? member.value().items() : List.of(member.value());
        switch (member.name()) {
            case "if", "?:" -> {
                for (int i = 0; i < arguments.size(); i++) {
                    if (i % 2 == 1 || i == arguments.size() - 1) {
                        ends(arguments.get(i), what, variants, depth + 1);
                    }
                }
            }
            case "fractional" ->
                arguments.stream()
                        .filter(share -> share.isSequence() && !share.items().isEmpty())
                        .map(share -> share.items().getFirst())
                        .filter(Yaml::isScalar)
                        .forEach(name -> is(name.line(), name.text(), what, variants));
            case REFERENCE -> {
                Yaml evaluator = evaluators == null
                        ? null
                        : evaluators.get(member.value().text());
                if (evaluator != null) {
                    ends(evaluator, what, variants, depth + 1);
                }
            }
            default -> {
                if (TESTS.contains(member.name())) {
                    is(node.line(), "true", what + " is true or false", variants);
                    is(node.line(), "false", what + " is true or false", variants);
                }
            }
        }
    }

    private void is(int line, String name, String what, Set<String> variants) {
        if (!variants.contains(name)) {
            problem.accept(
                    line,
                    "%s: '%s' is no variant%s".formatted(what, Excerpt.of(name), FlagsReader.there(name, variants)));
        }
    }
}
