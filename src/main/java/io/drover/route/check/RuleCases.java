package io.drover.route.check;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.drover.json.Excerpt;
import io.drover.json.Json;
import io.drover.json.Schema;
import io.drover.rules.CallFacts;
import io.drover.rules.Rule;
import io.drover.rules.Rules;
import io.drover.rules.Verdict;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * The examples in a file of rules: a call, and what all rules together say about it.
 * The rule that holds an example counts as enforced, though it only observes.
 */
final class RuleCases {

    static final Set<String> FIELDS = Set.of(
            "tool",
            "args",
            "workflow",
            "key",
            "actor",
            "roles",
            "agents",
            "attempt",
            "cost",
            "mode",
            "history",
            "expect");
    private static final Set<String> MODES = Set.of("live", "dry-run");
    private static final Set<String> VERDICTS = Set.of("permit", "ask", "forbid");
    private static final Set<String> CALL = Set.of("tool", "args");
    private static final int MOST = 50;

    private final RouteSet routes;
    private final Rules rules;
    private final BiConsumer<Integer, String> problem;

    RuleCases(RouteSet routes, List<Rule> rules, BiConsumer<Integer, String> problem) {
        this.routes = routes;
        this.rules = new Rules(rules);
        this.problem = problem;
    }

    /** Checks the examples of a rule. */
    void check(Yaml rule) {
        Yaml cases = rule.get("cases");
        if (cases == null) {
            return;
        }
        String id = rule.text("id");
        if (!cases.isSequence() || cases.items().size() > MOST) {
            problem.accept(cases.line(), "rule %s: cases must be a list of at most %d".formatted(id, MOST));
            return;
        }
        Rules enforcing = rules.enforcing(id);
        for (Yaml one : cases.items()) {
            String what = "rule %s: case".formatted(id);
            if (isWellFormed(one, what)) {
                run(one, what, enforcing);
            }
        }
    }

    private boolean isWellFormed(Yaml one, String what) {
        if (!one.isMapping()) {
            problem.accept(one.line(), "%s: it must be a mapping with 'tool', 'args' and 'expect'".formatted(what));
            return false;
        }
        boolean good = RulesReader.areKnown(one, FIELDS, what, problem);
        String expect = one.text("expect");
        if (!VERDICTS.contains(expect)) {
            problem.accept(
                    one.line(),
                    "%s: expect '%s': it must be permit, ask or forbid%s"
                            .formatted(what, Excerpt.of(expect), Nearest.hint(expect, VERDICTS)));
            good = false;
        }
        if (one.text("tool").isEmpty()) {
            problem.accept(one.line(), "%s: tool is missing".formatted(what));
            good = false;
        }
        Yaml attempt = one.get("attempt");
        if (attempt != null && !attempt.text().matches("[1-9][0-9]{0,5}")) {
            problem.accept(attempt.line(), "%s: attempt must be a whole number from 1".formatted(what));
            good = false;
        }
        Yaml cost = one.get("cost");
        if (cost != null && !cost.text().matches("[0-9]{1,9}([.][0-9]{1,9})?")) {
            problem.accept(cost.line(), "%s: cost must be a number of dollars, as in 1.5".formatted(what));
            good = false;
        }
        Yaml mode = one.get("mode");
        if (mode != null && !MODES.contains(mode.text())) {
            problem.accept(
                    mode.line(), "%s: mode '%s': it must be live or dry-run".formatted(what, Excerpt.of(mode.text())));
            good = false;
        }
        good &= hasArguments(one, what);
        Yaml history = one.get("history");
        if (history != null && !history.isSequence()) {
            problem.accept(
                    history.line(), "%s: history must be a list of calls with 'tool' and 'args'".formatted(what));
            good = false;
        }
        for (Yaml call : history == null ? List.<Yaml>of() : history.items()) {
            good &= isCall(call, what + ": history");
        }
        return good;
    }

    private boolean isCall(Yaml call, String what) {
        if (!call.isMapping() || call.text("tool").isEmpty()) {
            problem.accept(call.line(), "%s: a call must be a mapping with 'tool' and 'args'".formatted(what));
            return false;
        }
        return RulesReader.areKnown(call, CALL, what, problem) && hasArguments(call, what);
    }

    private boolean hasArguments(Yaml call, String what) {
        Yaml args = call.get("args");
        if (args != null && !args.isMapping()) {
            problem.accept(args.line(), "%s: args must be a mapping".formatted(what));
            return false;
        }
        return true;
    }

    private void run(Yaml one, String what, Rules enforcing) {
        String tool = one.text("tool");
        JsonNode arguments = CaseHistory.arguments(one);
        ToolDeclaration declaration = routes.tool(tool);
        Schema schema = declaration == null ? null : declaration.arguments();
        List<String> unfit = schema == null ? List.of() : schema.problems(arguments);
        if (!unfit.isEmpty()) {
            problem.accept(
                    one.line(),
                    "%s: tool:%s does not take these arguments: %s".formatted(what, tool, String.join("; ", unfit)));
            return;
        }
        Verdict verdict = enforcing.on(new CallFacts(
                tool,
                schema == null ? MissingNode.getInstance() : schema.schema(),
                arguments,
                new CallFacts.Task(
                        one.text("workflow"),
                        one.text("key"),
                        one.get("attempt") == null ? 1 : attempt(one),
                        one.get("mode") == null ? "live" : one.text("mode")),
                new CallFacts.Actor(one.text("actor"), Set.copyOf(texts(one, "roles"))),
                texts(one, "agents"),
                new CaseHistory(one)));
        if (!verdict.ruling().word().equals(one.text("expect"))) {
            problem.accept(
                    one.line(),
                    "%s: tool:%s with %s: expected %s, but the rules say %s%s"
                            .formatted(
                                    what,
                                    tool,
                                    Excerpt.of(Json.canonical(arguments)),
                                    one.text("expect"),
                                    verdict.ruling().word(),
                                    verdict.reason().isEmpty() ? "" : " (" + verdict.reason() + ")"));
        }
    }

    private static List<String> texts(Yaml one, String field) {
        Yaml list = one.get(field);
        return list == null ? List.of() : list.items().stream().map(Yaml::text).toList();
    }

    private static int attempt(Yaml one) {
        return Integer.parseInt(one.text("attempt"));
    }
}
