package io.drover.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.api.ApiTestBase;
import io.drover.kit.Live;
import io.drover.kit.RouteTests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files over the tasks of a running Drover, on the command line. */
class BacktestCommandTest extends ApiTestBase {

    private static final Path DEPLOYED = Path.of("src/test/resources/routes-api");

    @TempDir
    Path routes;

    @Test
    void comparesTheFilesWithWhatHappened() throws IOException {
        for (String name : List.of("letter", "whois", "echo")) {
            Files.copy(DEPLOYED.resolve(name + ".camel.yaml"), routes.resolve(name + ".camel.yaml"));
        }
        for (int i = 0; i < 3; i++) {
            assertThat(operator()
                            .post("/api/tasks/letter", "{\"who\":\"w-%d\"}".formatted(i), "Prefer", "wait=20")
                            .json()
                            .path("status")
                            .asText())
                    .isEqualTo("COMPLETED");
        }

        CommandRun same = backtest("rex:secret");
        assertThat(same.exitCode()).as(same.out() + same.err()).isZero();
        assertThat(same.out()).contains("3 tasks of letter compared", "none");

        Path letter = routes.resolve("letter.camel.yaml");
        Files.writeString(letter, Files.readString(letter).replace("Dear ", "Hello "));
        CommandRun other = backtest("rex:secret");
        assertThat(other.exitCode()).isEqualTo(1);
        assertThat(other.out()).contains("arguments").contains("echo").doesNotContain("none");
        assertThat(backtest("rex:secret", "--json").out()).contains("\"difference\":\"arguments\"", "\"compared\":3");
        assertThat(backtest("rex:secret", "--sample", "2").out()).contains("2 tasks of letter compared");

        CommandRun hidden = backtest("vic:secret");
        assertThat(hidden.exitCode()).isEqualTo(1);
        assertThat(hidden.err()).contains("its content is hidden from you");
    }

    /** What a task heard is a test of it, which passes until the files do something else. */
    @Test
    void makesATestOfATask() throws Exception {
        for (String name : List.of("greet", "echo")) {
            Files.copy(DEPLOYED.resolve(name + ".camel.yaml"), routes.resolve(name + ".camel.yaml"));
        }
        String task = operator()
                .post("/api/tasks/greet", "{\"name\":\"Eve\"}", "Prefer", "wait=20")
                .json()
                .path("id")
                .asText();
        Path file = routes.resolve("greet.test.yaml");
        List<String> export = List.of(
                "export",
                task,
                "--out",
                file.toString(),
                "--url",
                "http://localhost:" + port(),
                "--user",
                "rex:secret");

        CommandRun made = CommandRun.here(export);
        assertThat(made.exitCode()).as(made.err()).isZero();
        assertThat(failures()).isEmpty();
        CommandRun again = CommandRun.here(export);
        assertThat(again.exitCode()).isEqualTo(2);
        assertThat(again.err()).contains("is there already");

        Path greet = routes.resolve("greet.camel.yaml");
        Files.writeString(greet, Files.readString(greet).replace("${body[name]}", "Hello ${body[name]}"));
        assertThat(failures().getFirst())
                .contains("tool:echo is called with", "(the nearest one is for others: text: expected \"Eve\"");
    }

    private List<String> failures() throws Exception {
        return RouteTests.in(routes)
                .run(List.of(), Live.NOTHING, name -> true, result -> {})
                .getFirst()
                .failures();
    }

    @Test
    void saysThatThereIsNothingToCompare() {
        CommandRun none = CommandRun.here(List.of(
                "backtest",
                routes.toString(),
                "--workflow",
                "placed",
                "--since",
                "1s",
                "--url",
                "http://localhost:" + port(),
                "--user",
                "rex:secret"));

        assertThat(none.exitCode()).isEqualTo(1);
        assertThat(none.err()).contains("no task of placed has completed since");
    }

    private CommandRun backtest(String user, String... more) {
        List<String> words = new ArrayList<>(List.of(
                "backtest",
                routes.toString(),
                "--workflow",
                "letter",
                "--url",
                "http://localhost:" + port(),
                "--user",
                user));
        words.addAll(List.of(more));
        return CommandRun.here(words);
    }
}
