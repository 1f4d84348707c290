package io.drover.route.check;

import io.drover.eval.Eval;
import io.drover.json.Excerpt;
import java.math.BigDecimal;
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

/** Reads evals from a parsed file, and says what is wrong with them. */
final class EvalsReader {

    static final Set<String> TOP = Set.of("evals", "$schema");
    static final Set<String> FIELDS = Set.of("sample", "checks", "with", "trials", "threshold", "maxCostUsd");
    private static final Set<String> OF_EVALUATORS = Set.of("trials", "threshold", "maxCostUsd");

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");
    private static final String TASK = "task:";
    private static final int MOST_EVALS = 200;
    private static final int MOST_CHECKS = 20;
    private static final int MOST_TRIALS = 9;
    private static final double USUAL_THRESHOLD = 0.5;

    private final String file;
    private final RouteSet routes;
    private final SortedSet<Problem> problems = new TreeSet<>();
    private final SortedSet<Problem> warnings = new TreeSet<>();

    /** @param file its name, for problems */
    EvalsReader(String file, RouteSet routes) {
        this.file = file;
        this.routes = routes;
    }

    /**
     * @param evals    those without a fault, in the order of the file
     * @param warnings what another file may solve
     */
    record Read(List<Eval> evals, Collection<Problem> problems, Collection<Problem> warnings) {

        static Read failed(String file, int line, String message) {
            return new Read(List.of(), List.of(new Problem(file, line, message)), List.of());
        }
    }

    Read read(@Nullable Yaml root) {
        Yaml all = root == null ? null : root.get("evals");
        if (root == null || !root.isMapping() || all == null || !all.isMapping()) {
            return Read.failed(
                    file, 1, "it must hold 'evals:' and evals by workflow; a file without evals holds 'evals: {}'");
        }
        DuplicateKeys.check(root, this::problem);
        if (!problems.isEmpty()) {
            return new Read(List.of(), problems, warnings);
        }
        RulesReader.areKnown(root, TOP, "the file", this::problem);
        if (all.members().size() > MOST_EVALS) {
            return Read.failed(
                    file,
                    all.line(),
                    "there are %d evals; there may be at most %d"
                            .formatted(all.members().size(), MOST_EVALS));
        }
        List<Eval> evals = new ArrayList<>();
        for (Yaml.Member member : all.members()) {
            int before = problems.size();
            Eval eval = eval(member);
            if (eval != null && problems.size() == before) {
                evals.add(eval);
            }
        }
        return new Read(evals, problems, warnings);
    }

    private @Nullable Eval eval(Yaml.Member member) {
        String workflow = member.name();
        Yaml yaml = member.value();
        String what = "eval of " + Excerpt.of(workflow);
        if (!yaml.isMapping()) {
            problem(yaml.line(), "%s must be a mapping with 'sample', and 'checks' or 'with'".formatted(what));
            return null;
        }
        if (!routes.workflows().contains(workflow)) {
            warning(
                    member.key().line(),
                    "%s: no file defines task:%s%s"
                            .formatted(what, Excerpt.of(workflow), Nearest.hint(workflow, routes.workflows())));
        }
        RulesReader.areKnown(yaml, FIELDS, what, this::problem);
        Fields fields = new Fields(yaml, what, this::problem);
        Map<String, String> checks = checks(yaml, what);
        String with = with(yaml, what, workflow);
        if (with == null) {
            withoutEvaluator(yaml, what);
        }
        return new Eval(
                workflow,
                fields.share("sample"),
                checks,
                with,
                fields.number("trials", 1, MOST_TRIALS, 1, "a whole number from 1 to " + MOST_TRIALS),
                threshold(fields),
                with == null
                        ? null
                        : fields.dollars(
                                "maxCostUsd", "what the evaluator may spend on models in a day, in dollars, as in 5"));
    }

    private void withoutEvaluator(Yaml yaml, String what) {
        if (yaml.get("with") == null && yaml.get("checks") == null) {
            problem(yaml.line(), "%s needs 'checks', or an evaluator as in with: task:judge".formatted(what));
        }
        for (Yaml.Member member : yaml.members()) {
            if (yaml.get("with") == null && OF_EVALUATORS.contains(member.name())) {
                problem(
                        member.key().line(),
                        "%s: %s is for an evaluator, as in with: task:judge; leave it out"
                                .formatted(what, member.name()));
            }
        }
    }

    private Map<String, String> checks(Yaml yaml, String what) {
        Map<String, String> checks = new LinkedHashMap<>();
        Yaml all = yaml.get("checks");
        if (all == null) {
            return checks;
        }
        if (!all.isMapping() || all.members().isEmpty() || all.members().size() > MOST_CHECKS) {
            problem(
                    all.line(),
                    "%s: checks must be 1 to %d conditions by name, as in { short: size(output.answer) < 2000 }"
                            .formatted(what, MOST_CHECKS));
            return checks;
        }
        for (Yaml.Member member : all.members()) {
            String name = member.name();
            String condition = member.value().text();
            if (!NAME.matcher(name).matches()) {
                problem(
                        member.key().line(),
                        "%s: check '%s': a name is 1 to 100 letters, digits, '.', '_' and '-', and begins with a letter or digit"
                                .formatted(what, Excerpt.of(name)));
            }
            String problem = Eval.problem(condition);
            if (problem != null) {
                problem(
                        member.value().line(),
                        "%s: check %s '%s': %s".formatted(what, Excerpt.of(name), Excerpt.of(condition), problem));
            }
            checks.put(name, condition);
        }
        return checks;
    }

    private @Nullable String with(Yaml yaml, String what, String workflow) {
        Yaml with = yaml.get("with");
        if (with == null) {
            return null;
        }
        String text = with.text().strip();
        String name = text.startsWith(TASK) ? text.substring(TASK.length()) : "";
        if (!NAME.matcher(name).matches() || name.equals(workflow)) {
            problem(
                    with.line(),
                    "%s: with '%s': it must be another workflow, as in task:judge".formatted(what, Excerpt.of(text)));
            return null;
        }
        if (!routes.workflows().contains(name)) {
            warning(
                    with.line(),
                    "%s: with '%s': no file defines it%s"
                            .formatted(what, Excerpt.of(text), Nearest.hint(name, routes.workflows())));
        }
        return name;
    }

    private double threshold(Fields fields) {
        Yaml threshold = fields.yaml().get("threshold");
        if (threshold == null) {
            return USUAL_THRESHOLD;
        }
        String text = threshold.text().strip();
        try {
            BigDecimal number = new BigDecimal(text.length() > 10 ? "" : text);
            if (number.signum() > 0 && number.compareTo(BigDecimal.ONE) <= 0) {
                return number.doubleValue();
            }
        } catch (NumberFormatException e) {
            // as one that is out of range
        }
        fields.wrong("threshold", text, "a number above 0 and up to 1, as in 0.7");
        return USUAL_THRESHOLD;
    }

    private void warning(int line, String message) {
        warnings.add(new Problem(file, line, message));
    }

    private void problem(int line, String message) {
        problems.add(new Problem(file, line, message));
    }
}
