package io.drover.bench;

import com.fasterxml.jackson.databind.JsonNode;
import io.drover.json.Json;
import io.drover.rules.CallFacts;
import io.drover.rules.Rule;
import io.drover.rules.RuleText;
import io.drover.rules.Rules;
import io.drover.rules.Ruling;
import io.drover.rules.TaskHistory;
import io.drover.rules.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** What rules without history cost a call that they are about. 5 us are aimed at. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class RuleOverhead {

    private static final List<String> CONDITIONS = List.of(
            "args.amount > 10000",
            "args.amount > 500 && args.amount <= 10000",
            "args.amount < 0",
            "!args.email.endsWith('@example.org')",
            "agents.exists(agent, agent == 'triage')",
            "actor.name.startsWith('test-')",
            "'viewer' in actor.roles",
            "task.attempt > 2",
            "has(args.note) && args.note == 'x'",
            "task.workflow in ['survey', 'digest']");

    /** So many rules are about the tool. */
    @Param({"0", "1", "3", "10"})
    public int number;

    private JsonNode schema;
    private JsonNode arguments;
    private Rules rules;

    @Setup
    public void read() throws Exception {
        schema = Json.parse("{\"properties\":{\"amount\":{\"type\":\"number\"},\"email\":{\"type\":\"string\"}}}");
        arguments = Json.tree(Map.of("amount", 12.5, "email", "ann@example.org", "orderId", "o-1"));
        List<Rule> all = new ArrayList<>();
        for (int i = 0; i < number; i++) {
            all.add(Rule.of(
                    new RuleText("rule-" + i, "", List.of("refund"), List.of(), List.of(), CONDITIONS.get(i), Ruling.FORBID, false, null),
                    (name, known) -> ""));
        }
        rules = new Rules(all);
    }

    @Benchmark
    public Verdict judged() {
        Verdict verdict = rules.on(new CallFacts(
                "refund",
                schema,
                arguments,
                new CallFacts.Task("support-ticket", "t-1", 1),
                new CallFacts.Actor("ann", Set.of("operator")),
                List.of(),
                TaskHistory.NONE));
        if (verdict.ruling() != Ruling.PERMIT) {
            throw new IllegalStateException(verdict.toString());
        }
        return verdict;
    }

    public static void main(String[] args) throws Exception {
        new Runner(new OptionsBuilder()
                        .include(RuleOverhead.class.getSimpleName())
                        .forks(1)
                        .warmupIterations(3)
                        .warmupTime(TimeValue.seconds(2))
                        .measurementIterations(3)
                        .measurementTime(TimeValue.seconds(2))
                        .build())
                .run();
    }
}
