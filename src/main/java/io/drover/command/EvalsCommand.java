package io.drover.command;

import io.drover.evaluation.EvaluationState;
import io.drover.evaluation.Scores;
import io.drover.json.Json;
import io.drover.kit.Evaluated;
import java.io.IOException;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.logging.LoggingSystem;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Evaluates what comes of the cases of test files, as a running instance evaluates its tasks. */
@Command(
        name = "evals",
        mixinStandardHelpOptions = true,
        description = {
            "Runs the cases of *.test.yaml files, and evaluates what comes of each by the evals of its workflow.",
            "The exit code is 1 if fewer are good than --pass says (docs/evals.md#in-a-build)."
        })
final class EvalsCommand extends CasesCommand {

    @Option(
            names = "--cases",
            paramLabel = "<directory>",
            description = "Where the test files are. Defaults to the directory of the route files.")
    private @Nullable Path cases;

    @Option(
            names = "--pass",
            defaultValue = "100",
            paramLabel = "<percent>",
            description = "How many of a hundred must be good at least. Defaults to ${DEFAULT-VALUE}.")
    private BigDecimal pass;

    @Option(names = "--json", description = "Print the evaluations as JSON.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        List<String> properties = properties();
        Path routes = routes(environment());
        Path tests = cases == null ? routes : cases;
        if (!Files.isDirectory(tests)) {
            throw new ParameterException(
                    commandLine(), "--cases (%s) must be a directory with test files".formatted(tests));
        }
        if (pass.signum() < 0 || pass.compareTo(BigDecimal.valueOf(100)) > 0) {
            throw new ParameterException(commandLine(), "--pass (%s) must be from 0 to 100".formatted(pass));
        }
        LoggingSystem.get(getClass().getClassLoader()).beforeInitialize(); // no library's log lines among the results
        return run(
                routes,
                tests,
                all -> print(
                        all.evaluate(properties, live(), which(), evaluated -> {}),
                        commandLine().getOut()));
    }

    private int print(List<Evaluated> all, PrintWriter out) {
        long good = all.stream()
                .filter(one -> one.state() == EvaluationState.PASSED)
                .count();
        BigDecimal usd = all.stream().map(Evaluated::usd).reduce(BigDecimal.ZERO, BigDecimal::add);
        BigDecimal score = Scores.meanOf(all.stream()
                        .flatMap(one -> Stream.ofNullable(one.score()))
                        .toList())
                .orElse(null);
        if (json) {
            Map<String, Object> report = new LinkedHashMap<>();
            report.put("evaluated", all.size());
            report.put("passed", good);
            report.put("score", score);
            report.put("costUsd", usd);
            report.put("cases", all);
            out.println(Json.write(Json.tree(report)));
        } else if (all.isEmpty()) {
            out.println("no case is of a workflow that evals.yaml has an eval of");
        } else {
            table(all).print(out);
            out.println("%d of %d cases are good, mean score %s, their models cost $%s"
                    .formatted(good, all.size(), score == null ? "unknown" : score, usd.toPlainString()));
        }
        BigDecimal needed = pass.multiply(BigDecimal.valueOf(all.size()));
        return !all.isEmpty() && BigDecimal.valueOf(good * 100).compareTo(needed) >= 0 ? 0 : 1;
    }

    private static Table table(List<Evaluated> all) {
        Table table = new Table("EVALUATION", "SCORE", "WORKFLOW", "CASE", "REASON");
        all.forEach(one -> table.row(
                Json.tree(one.state().text()),
                Json.tree(one.score()),
                Json.tree(one.workflow()),
                Json.tree("%s:%d: %s".formatted(one.file(), one.line(), one.name())),
                Json.tree(one.reason())));
        return table;
    }
}
