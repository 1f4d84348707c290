package io.drover.route.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;

/** A random file of rules, and what it says about a call: worked out without CEL. */
public final class RandomRules {

    /** What conditions ask about a call. @param paid the amounts of the earlier calls of the tool */
    public record Call(
            String tool,
            double amount,
            Optional<String> note,
            String workflow,
            String actor,
            List<String> roles,
            List<String> agents,
            int attempt,
            double cost,
            List<Double> paid) {}

    /** @param value empty where it cannot be evaluated */
    private record Condition(String cel, Function<Call, Optional<Boolean>> value) {

        static Condition of(String cel, Function<Call, Boolean> value) {
            return new Condition(cel, value.andThen(Optional::of));
        }
    }

    private record Rule(
            String id, String tools, String workflows, String agents, Condition when, String then, boolean observes) {

        boolean isAbout(Call call) {
            return matches(tools, call.tool)
                    && (workflows.isEmpty() || matches(workflows, call.workflow))
                    && (agents.isEmpty() || call.agents.stream().anyMatch(agent -> matches(agents, agent)));
        }

        private static boolean matches(String pattern, String name) {
            return pattern.endsWith("*")
                    ? name.startsWith(pattern.substring(0, pattern.length() - 1))
                    : name.equals(pattern);
        }

        String yaml() {
            return "- { id: %s, tools: [\"%s\"], %s%swhen: \"%s\", then: %s, observe: %s }%n"
                    .formatted(
                            id,
                            tools,
                            workflows.isEmpty() ? "" : "workflows: [\"%s\"], ".formatted(workflows),
                            agents.isEmpty() ? "" : "agents: [\"%s\"], ".formatted(agents),
                            when.cel,
                            then,
                            observes);
        }
    }

    private final Random random;
    private final String tool;
    private final String workflow;
    private final List<Rule> rules = new ArrayList<>();

    /**
     * Rules about calls of a tool with {@code amount} and {@code note}, in a workflow.
     *
     * @param patterns what they name their tools by; every tool that they match has these arguments
     */
    public RandomRules(Random random, String tool, String workflow, String... patterns) {
        this.random = random;
        this.tool = tool;
        this.workflow = workflow;
        for (int i = random.nextInt(6); i >= 0; i--) {
            rules.add(new Rule(
                    "random-" + i,
                    one(patterns),
                    one("", "", workflow, "on-end"),
                    one("", "", "", "a*"),
                    condition(0),
                    one("permit", "ask", "forbid"),
                    random.nextInt(6) == 0));
        }
    }

    private String one(String... of) {
        return of[random.nextInt(of.length)];
    }

    private Condition condition(int depth) {
        if (depth > 3 || random.nextInt(3) == 0) {
            return leaf();
        }
        Condition a = condition(depth + 1);
        Condition b = condition(depth + 1);
        return switch (random.nextInt(3)) {
            case 0 -> new Condition("(%s && %s)".formatted(a.cel, b.cel), call -> both(a, b, call, false));
            case 1 -> new Condition("(%s || %s)".formatted(a.cel, b.cel), call -> both(a, b, call, true));
            default ->
                new Condition(
                        "!(%s)".formatted(a.cel), call -> a.value.apply(call).map(value -> !value));
        };
    }

    /** One side that decides is enough, though the other cannot be evaluated. */
    private static Optional<Boolean> both(Condition a, Condition b, Call call, boolean decides) {
        Optional<Boolean> one = a.value.apply(call);
        Optional<Boolean> other = b.value.apply(call);
        if (one.equals(Optional.of(decides)) || other.equals(Optional.of(decides))) {
            return Optional.of(decides);
        }
        return one.isEmpty() || other.isEmpty() ? Optional.empty() : Optional.of(!decides);
    }

    private Condition leaf() {
        double bound = random.nextInt(41) / 2.0;
        int few = random.nextInt(4);
        return switch (random.nextInt(12)) {
            case 0 -> Condition.of("args.amount > " + bound, call -> call.amount > bound);
            case 1 -> Condition.of("args.amount <= " + few, call -> call.amount <= few);
            case 2 -> Condition.of("args.amount == " + bound, call -> call.amount == bound);
            case 3 ->
                Condition.of(
                        "has(args.note) && args.note == 'x'",
                        call -> call.note.filter("x"::equals).isPresent());
            case 4 -> Condition.of("task.workflow == '%s'".formatted(workflow), call -> call.workflow.equals(workflow));
            case 5 -> Condition.of("task.attempt > " + few, call -> call.attempt > few);
            case 6 -> Condition.of("actor.name.startsWith('s')", call -> call.actor.startsWith("s"));
            case 7 -> Condition.of("'a1' in agents", call -> call.agents.contains("a1"));
            case 8 -> Condition.of("cost > " + bound, call -> call.cost > bound);
            case 9 -> Condition.of("history.count('%s') >= %d".formatted(tool, few), call -> call.paid.size() >= few);
            case 10 ->
                Condition.of(
                        "history.sum('%s', 'amount') + args.amount > %s".formatted(tool, bound),
                        call -> call.paid.stream()
                                                .mapToDouble(Double::doubleValue)
                                                .sum()
                                        + call.amount
                                > bound);
            default -> new Condition("dyn(args.amount).size() > 1", call -> Optional.empty());
        };
    }

    /** As a file holds them. */
    public String yaml() {
        StringBuilder yaml = new StringBuilder("rules:\n");
        rules.forEach(rule -> yaml.append("  ").append(rule.yaml()));
        return yaml.toString();
    }

    /** What they say about a call: permit, ask or forbid. */
    public String on(Call call) {
        List<String> said = new ArrayList<>();
        boolean closed = false;
        for (Rule rule : rules) {
            if (rule.observes || !rule.isAbout(call)) {
                continue;
            }
            Optional<Boolean> holds = rule.when.value.apply(call);
            if (holds.isEmpty()) {
                said.add("forbid");
            } else if (holds.get()) {
                said.add(rule.then);
            } else {
                closed |= rule.then.equals("permit");
            }
        }
        if (said.contains("forbid")) {
            return "forbid";
        }
        return said.contains("ask") ? "ask" : closed && said.isEmpty() ? "forbid" : "permit";
    }
}
