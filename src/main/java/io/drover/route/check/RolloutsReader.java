package io.drover.route.check;

import io.drover.json.Excerpt;
import io.drover.rollout.DeclaredRollout;
import io.drover.rollout.Rollout;
import io.drover.rollout.Rollout.InFlight;
import io.drover.rollout.Rollout.Rail;
import io.drover.start.BareTimes;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.convert.DurationStyle;

/** Reads rollouts from a parsed file, and says what is wrong with them. */
final class RolloutsReader {

    static final Set<String> TOP = Set.of("rollouts", "$schema");
    static final Set<String> FIELDS = Set.of(
            "workflow",
            "candidate",
            "control",
            "mode",
            "steps",
            "tasks",
            "guardrails",
            "inFlight",
            "window",
            "tell",
            "share",
            "perMinute",
            "maxCostUsd");
    private static final Set<String> OF_CANARIES = Set.of("steps", "guardrails", "inFlight");
    private static final Set<String> OF_SHADOWS = Set.of("share", "perMinute", "maxCostUsd");
    static final Set<String> RAIL_FIELDS = Set.of("tolerance", "when");

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");

    private static final int MOST_ROLLOUTS = 200;
    private static final int MOST_STEPS = 20;
    private static final int MOST_RAILS = 20;
    private static final int MOST_TASKS = 1_000_000;
    private static final Duration SHORTEST_WINDOW = Duration.ofMinutes(1);
    private static final Duration LONGEST_WINDOW = Duration.ofDays(365);

    private static final List<Integer> USUAL_STEPS = List.of(10_000, 50_000, 250_000, 500_000, Rollout.ALL);
    private static final int USUAL_TASKS = 200;
    private static final int MOST_A_MINUTE = 60_000;
    private static final int USUAL_A_MINUTE = 60;
    private static final Duration USUAL_WINDOW = Duration.ofDays(1);
    private static final double USUAL_TOLERANCE = 5;

    private final String file;
    private final RouteSet routes;
    private final SortedSet<Problem> problems = new TreeSet<>();
    private final SortedSet<Problem> warnings = new TreeSet<>();

    /** @param file its name, for problems */
    RolloutsReader(String file, RouteSet routes) {
        this.file = file;
        this.routes = routes;
    }

    /**
     * @param rollouts those without a fault, in the order of the file
     * @param warnings what another file may solve
     */
    record Read(List<DeclaredRollout> rollouts, Collection<Problem> problems, Collection<Problem> warnings) {

        static Read failed(String file, int line, String message) {
            return new Read(List.of(), List.of(new Problem(file, line, message)), List.of());
        }
    }

    Read read(@Nullable Yaml root) {
        Yaml all = root == null ? null : root.get("rollouts");
        if (root == null || !root.isMapping() || all == null || !all.isMapping()) {
            return Read.failed(
                    file,
                    1,
                    "it must hold 'rollouts:' and rollouts by id; a file without rollouts holds 'rollouts: {}'");
        }
        DuplicateKeys.check(root, this::problem);
        if (!problems.isEmpty()) {
            return new Read(List.of(), problems, warnings);
        }
        RulesReader.areKnown(root, TOP, "the file", this::problem);
        if (all.members().size() > MOST_ROLLOUTS) {
            return Read.failed(
                    file,
                    all.line(),
                    "there are %d rollouts; there may be at most %d; remove those that have ended"
                            .formatted(all.members().size(), MOST_ROLLOUTS));
        }
        List<DeclaredRollout> rollouts = new ArrayList<>();
        for (Yaml.Member member : all.members()) {
            int before = problems.size();
            DeclaredRollout rollout = rollout(member);
            if (rollout != null && problems.size() == before) {
                rollouts.add(rollout);
            }
        }
        return new Read(rollouts, problems, warnings);
    }

    private @Nullable DeclaredRollout rollout(Yaml.Member member) {
        String id = member.name();
        Yaml fields = member.value();
        String what = "rollout " + Excerpt.of(id);
        if (!NAME.matcher(id).matches()) {
            problem(
                    member.key().line(),
                    "rollout '%s': an id is 1 to 100 letters, digits, '.', '_' and '-', and begins with a letter or digit"
                            .formatted(Excerpt.of(id)));
        }
        if (!fields.isMapping()) {
            problem(fields.line(), "%s must be a mapping with 'workflow' and 'candidate'".formatted(what));
            return null;
        }
        RulesReader.areKnown(fields, FIELDS, what, this::problem);
        boolean shadow = isShadow(fields, what);
        String workflow = workflow(fields, what);
        int candidate =
                of(fields, what).number("candidate", 2, Integer.MAX_VALUE, 0, "a version of the workflow, from 2");
        int control = of(fields, what)
                .number("control", 1, Integer.MAX_VALUE, below(workflow, candidate), "a version of the workflow");
        if (control == candidate) {
            problem(
                    fields.line("control"),
                    "%s: control %d: it must be another version than the candidate".formatted(what, control));
        }
        Rollout rollout = new Rollout(
                id,
                workflow,
                candidate,
                control,
                shadow ? List.of(share(fields, what)) : steps(fields, what),
                of(fields, what).number("tasks", 1, MOST_TASKS, USUAL_TASKS, "a whole number from 1 to 1,000,000"),
                rails(fields, what),
                inFlight(fields, what),
                window(fields, what),
                tell(fields, what),
                shadow ? limits(fields, what) : null);
        return new DeclaredRollout(rollout, areThere(fields, what, rollout));
    }

    private boolean isShadow(Yaml fields, String what) {
        String mode = fields.get("mode") == null ? "canary" : fields.text("mode");
        boolean shadow = mode.equals("shadow");
        if (!shadow && !mode.equals("canary")) {
            problem(
                    fields.line("mode"),
                    "%s: mode '%s': it must be canary or shadow".formatted(what, Excerpt.of(mode)));
        }
        for (Yaml.Member member : fields.members()) {
            if ((shadow ? OF_CANARIES : OF_SHADOWS).contains(member.name())) {
                problem(
                        member.key().line(),
                        "%s: %s is for mode: %s only; %s"
                                .formatted(
                                        what,
                                        member.name(),
                                        shadow ? "canary" : "shadow",
                                        shadow
                                                ? "a shadow takes no task from the current version, so leave it out"
                                                : "write mode: shadow, or leave it out"));
            }
        }
        return shadow;
    }

    private int share(Yaml fields, String what) {
        return fields.get("share") == null ? Rollout.ALL : of(fields, what).share("share");
    }

    private Rollout.Shadow limits(Yaml fields, String what) {
        int perMinute = of(fields, what)
                .number("perMinute", 1, MOST_A_MINUTE, USUAL_A_MINUTE, "a whole number from 1 to 60,000");
        BigDecimal usd = of(fields, what)
                .dollars("maxCostUsd", "what the shadows may spend on models in a day, in dollars, as in 5");
        return new Rollout.Shadow(perMinute, usd == null ? BigDecimal.ONE : usd);
    }

    private String workflow(Yaml fields, String what) {
        String name = fields.text("workflow").strip();
        if (name.isEmpty()) {
            problem(fields.line("workflow"), "%s: workflow is missing: it must be the name of one".formatted(what));
        }
        return name;
    }

    /** The highest version below the candidate that a file defines; the one before it where there is none. */
    private int below(String workflow, int candidate) {
        return routes.versions(workflow).headSet(candidate).stream()
                .reduce(Math.max(1, candidate - 1), (lower, higher) -> higher);
    }

    private boolean areThere(Yaml fields, String what, Rollout rollout) {
        String workflow = rollout.workflow();
        SortedSet<Integer> versions = routes.versions(workflow);
        if (workflow.isEmpty()) {
            return false; // which is said
        }
        if (versions.isEmpty()) {
            warning(
                    fields.line("workflow"),
                    "%s: workflow '%s': no file defines it%s"
                            .formatted(what, Excerpt.of(workflow), Nearest.hint(workflow, routes.workflows())));
            return false;
        }
        boolean candidate = isThere(fields, what, "candidate", rollout.candidate(), workflow, versions);
        boolean control = isThere(fields, what, "control", rollout.control(), workflow, versions);
        return candidate && control;
    }

    private boolean isThere(
            Yaml fields, String what, String field, int version, String workflow, SortedSet<Integer> versions) {
        if (versions.contains(version)) {
            return true;
        }
        if (version < 1) {
            return false; // which is said
        }
        warning(
                fields.line(field),
                "%s: %s %d: no file defines this version of task:%s; there are %s; the rollout begins when there is one"
                        .formatted(what, field, version, workflow, versions));
        return false;
    }

    private List<Integer> steps(Yaml fields, String what) {
        Yaml steps = fields.get("steps");
        if (steps == null) {
            return USUAL_STEPS;
        }
        List<Integer> shares = new ArrayList<>();
        for (Yaml item : steps.items()) {
            shares.add(Fields.millionths(item.text().strip()));
        }
        boolean ascends = true;
        for (int i = 0; i < shares.size(); i++) {
            ascends &= shares.get(i) > (i == 0 ? 0 : shares.get(i - 1));
        }
        if (shares.isEmpty() || shares.size() > MOST_STEPS || !ascends || shares.getFirst() == Rollout.ALL) {
            problem(
                    steps.line(),
                    "%s: steps must be 1 to %d growing percentages above 0 and at most 100, the first one below 100, as in [1, 5, 25, 50, 100]"
                            .formatted(what, MOST_STEPS));
            return USUAL_STEPS;
        }
        return shares;
    }

    private List<Rail> rails(Yaml fields, String what) {
        Map<String, Double> standard = Rollout.standardRails();
        Yaml all = fields.get("guardrails");
        List<Rail> rails = new ArrayList<>();
        if (all == null) {
            standard.forEach((name, tolerance) -> rails.add(new Rail(name, tolerance, null)));
            return rails;
        }
        if (!all.isMapping() || all.members().isEmpty() || all.members().size() > MOST_RAILS) {
            problem(
                    all.line(),
                    "%s: guardrails must be 1 to %d by name, as in { dead: {}, chatty: { when: calls > 20, tolerance: 3 } }; the standard ones are %s"
                            .formatted(what, MOST_RAILS, String.join(", ", standard.keySet())));
        }
        for (Yaml.Member member : all.members()) {
            rails.add(rail(member, what + ": guardrail " + Excerpt.of(member.name()), standard));
        }
        return rails;
    }

    private Rail rail(Yaml.Member member, String what, Map<String, Double> standard) {
        String name = member.name();
        Yaml fields = member.value();
        if (!NAME.matcher(name).matches() || !fields.isMapping()) {
            problem(
                    member.key().line(),
                    "%s must have a name of letters, digits, '.', '_' and '-', and be a mapping, as in { tolerance: 2 }"
                            .formatted(what));
        }
        RulesReader.areKnown(fields, RAIL_FIELDS, what, this::problem);
        Yaml when = fields.get("when");
        if (name.equals(Rollout.SCORE)) {
            return score(fields, what);
        }
        if (when == null && !standard.containsKey(name)) {
            problem(
                    member.key().line(),
                    "%s is no standard one, which are %s and %s; one of your own needs 'when'%s"
                            .formatted(
                                    what,
                                    String.join(", ", standard.keySet()),
                                    Rollout.SCORE,
                                    Nearest.hint(name, standard.keySet())));
        }
        if (when != null && standard.containsKey(name)) {
            problem(when.line(), "%s is a standard one and has no 'when'; give yours another name".formatted(what));
        }
        String problem = when == null ? null : Rollout.problem(when.text());
        if (problem != null) {
            problem(fields.line("when"), "%s: when '%s': %s".formatted(what, Excerpt.of(fields.text("when")), problem));
        }
        return new Rail(
                name,
                tolerance(fields, what, standard.getOrDefault(name, USUAL_TOLERANCE)),
                when == null ? null : when.text());
    }

    private Rail score(Yaml fields, String what) {
        if (fields.get("when") != null) {
            problem(
                    fields.line("when"),
                    "%s is that of evaluations and has no 'when'; give yours another name".formatted(what));
        }
        return new Rail(Rollout.SCORE, tolerance(fields, what, USUAL_TOLERANCE), null);
    }

    private double tolerance(Yaml fields, String what, double usual) {
        Yaml tolerance = fields.get("tolerance");
        if (tolerance == null) {
            return usual;
        }
        int millionths = Fields.millionths(tolerance.text().strip());
        if (millionths == 0 || millionths == Rollout.ALL) {
            problem(
                    tolerance.line(),
                    "%s: tolerance '%s': it must be points of a hundred above 0 and below 100, as in 2"
                            .formatted(what, Excerpt.of(tolerance.text())));
        }
        return millionths / 10_000.0;
    }

    private InFlight inFlight(Yaml fields, String what) {
        Yaml inFlight = fields.get("inFlight");
        if (inFlight == null || inFlight.text().equals("finish")) {
            return InFlight.FINISH;
        }
        if (!inFlight.text().equals("move")) {
            problem(
                    inFlight.line(),
                    "%s: inFlight '%s': it must be finish or move".formatted(what, Excerpt.of(inFlight.text())));
        }
        return InFlight.MOVE;
    }

    private Duration window(Yaml fields, String what) {
        Yaml window = fields.get("window");
        if (window == null) {
            return USUAL_WINDOW;
        }
        String text = window.text().strip();
        try {
            Duration time = BareTimes.isOne(text) ? Duration.ZERO : DurationStyle.detectAndParse(text);
            if (time.compareTo(SHORTEST_WINDOW) >= 0 && time.compareTo(LONGEST_WINDOW) <= 0) {
                return time;
            }
        } catch (IllegalArgumentException | ArithmeticException e) {
            // as one that is too short
        }
        problem(
                window.line(),
                "%s: window '%s': it must be from 1m to 365d, as in 12h".formatted(what, Excerpt.of(text)));
        return USUAL_WINDOW;
    }

    private @Nullable String tell(Yaml fields, String what) {
        Yaml tell = fields.get("tell");
        if (tell == null) {
            return null;
        }
        String tool = tell.text().strip();
        if (!routes.hasTool(tool)) {
            warning(
                    tell.line(),
                    "%s: tell '%s': there is no such tool%s"
                            .formatted(what, Excerpt.of(tool), Nearest.hint(tool, routes.tools())));
        }
        return tool;
    }

    private Fields of(Yaml fields, String what) {
        return new Fields(fields, what, this::problem);
    }

    private void warning(int line, String message) {
        warnings.add(new Problem(file, line, message));
    }

    private void problem(int line, String message) {
        problems.add(new Problem(file, line, message));
    }
}
