package io.drover.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drover.Quick;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.logging.LoggingSystem;

/** What is refused before anything is started or asked. */
@Quick
class CommandLineTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    Path directory;

    /** {@code validate} silences the log of its process, which here runs other tests, too. */
    @AfterEach
    void logAgain() {
        LoggingSystem.get(getClass().getClassLoader()).cleanUp();
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            delimiter = '|',
            value = {
                "run order --input {} --tiemout=3s       | Unknown option: '--tiemout=3s'",
                "run order --input {} --tiemout=3s       | --timeout",
                "run order --input {} --ky 5             | Unknown options: '--ky', '5'",
                "run order --input {} two                | 'two' is one word too many: `run` takes <workflow>",
                "drain --fro=3h                          | Unknown option: '--fro=3h'",
                "drain drover.role=all                   | 'drover.role=all'",
                "migrate --dry                           | Unknown option: '--dry'",
                "new                                     | new needs one of tool, workflow, trigger, agent, test and tools",
                "new tol x                               | 'tol' is no command; did you mean tool",
                "new tool                                | Missing required parameter: '<name>'",
                "new trigger x                           | Missing required option: '--workflow=<name>'",
                "new tool x --strict                     | Unknown option: '--strict'",
                "schema --into=x                         | Unknown option: '--into=x'",
                "validate --strict                       | Unknown option: '--strict'",
                "validate {} -drover.role=all            | '-drover.role=all'",
                "run order --input {} --timeout=0s       | '0s' must be longer than 0, as in 30s or 10m",
                "run order --input {} --timeout=-5m      | '-5m' must be longer than 0, as in 30s or 10m",
                "run order --input {} --timeout=3600     | '3600' has no unit; it must have one, as in 30s or 10m",
                "drain --for=10800                       | '10800' has no unit; it must have one, as in 30s or 10m",
                "hold tool x --why y --for 3600          | '3600' has no unit; it must have one, as in 30s or 10m",
                "grant x --why y --calls 5 --for 28800   | '28800' has no unit; it must have one, as in 30s or 10m",
                "drain --for=long                        | 'long' is not a duration, as in 30s or 10m",
                "run order --input {}/none.json          | none.json) does not exist; it must be a file that holds"
                        + " JSON",
                "run order --input {}                    | ) is a directory; it must be a file that holds JSON",
                "run order --input {}/latin1.json        | latin1.json) is not text in UTF-8",
                "submit order --input {}/none.json       | none.json) does not exist; it must be a file that holds"
                        + " JSON",
                "tasks --url nowhere                     | --url (nowhere) must be an address",
                "task T-5000                             | 'T-5000' is not the id of a task, as in 019ab2f4",
                "cancel T-5000                           | 'T-5000' is not the id of a task, as in 019ab2f4",
                "retry T-5000                            | (<id>): 'T-5000' is not the id of a task, as in 019ab2f4",
                "cancel 019ab2f4-7c1e-7000-8000-0123456789ab T-5000 | (<id>): 'T-5000' is not the id of a task",
                "release 7 seven                         | (<id>): 'seven' is not a whole number",
                "revoke 7 seven                          | (<id>): 'seven' is not a whole number",
                "approve 7 seven --why y                 | (<id>): 'seven' is not a whole number",
                "hold tool x --why y --for 2x            | '2x' is not a duration, as in 30s or 10m",
                "hold tool x --why y --for PT-2H         | 'PT-2H' must be longer than 0",
                "resolve 019ab2f4-7c1e-7000-8000-0123456789ab 1 happened --result=100,50 | --result (100,50) is not JSON",
                "resolve 019ab2f4-7c1e-7000-8000-0123456789ab 1 happened --result={\"a\":1,\"a\":2} | is not JSON",
                "resolve 019ab2f4-7c1e-7000-8000-0123456789ab 1 happened --result= | --result () is not JSON: it is",
                "resolve 019ab2f4-7c1e-7000-8000-0123456789ab 1 happened --result=paid | put quotes around a text",
                "nothing                                 | 'nothing' is no command",
                "retyr 5                                 | 'retyr' is no command; did you mean retry",
                "tasks open                              | 'open' is one word too many: `tasks` takes options only",
                "hold tool x y --why z                   | 'y' is one word too many: `hold` takes <kind> <name> and",
                "workers --json all                      | 'all' is one word too many: `workers` takes options only",
            })
    void saysWhatIsWrong(String line, String message) throws IOException {
        Files.write(directory.resolve("latin1.json"), new byte[] {'"', (byte) 0xe9, '"'});

        int exitCode = execute(line.replace("{}", directory.toString()).split(" "));

        assertThat(exitCode).isEqualTo(2);
        assertThat(err.toString()).contains(message).doesNotContain("\tat ");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void writesANewFileOnce() throws IOException {
        assertThat(execute("new", "tool", "look_up", "--routes", directory.toString()))
                .isZero();
        Path file = directory.resolve("tools/look_up.camel.yaml");
        assertThat(out.toString()).isEqualTo(file + System.lineSeparator());
        assertThat(file).isRegularFile();

        assertThat(execute("new", "tool", "look_up", "--routes", directory.toString()))
                .isOne();
        assertThat(err.toString()).startsWith(file + " is there already, and nothing was written");
    }

    @Test
    void fixesFilesBeforeItChecksThem() throws IOException {
        Path file = directory.resolve("y.camel.yaml");
        Files.writeString(file, "- route: { id: x, from: { uri: 'task:x', steps: [ { log: a } ] } }");

        assertThat(execute("validate", directory.toString())).isOne();
        assertThat(out.toString()).contains("'log' is shorthand", "the route's id must be the file's name");
        assertThat(execute("validate", "--fix", directory.toString())).isZero();

        assertThat(out.toString())
                .contains("y.camel.yaml: rewritten in Camel's canonical form")
                .contains("y.camel.yaml: renamed to x.camel.yaml, which is its route's id")
                .endsWith("1 route files, no problems" + System.lineSeparator());
        assertThat(directory.resolve("x.camel.yaml")).isRegularFile();
    }

    @Test
    void writesTheSchemasOfEditors() throws IOException {
        Path schemas = directory.resolve("of/editors");

        assertThat(execute("schema", "--out", schemas.toString())).isZero();

        assertThat(schemas.toFile().list())
                .containsExactlyInAnyOrder(
                        "routes.schema.json",
                        "rules.schema.json",
                        "flags.schema.json",
                        "rollouts.schema.json",
                        "evals.schema.json",
                        "tests.schema.json");
        assertThat(out.toString().lines()).hasSize(6);
    }

    @ParameterizedTest
    @CsvSource({"2h, PT2H", "90s, PT1M30S", "1d, PT24H", "500ms, PT0.5S", "5MS, PT0.005S", "PT2H, PT2H", "p1dt1h, PT25H"
    })
    void readsADuration(String text, Duration duration) {
        assertThat(new Durations().convert(text)).isEqualTo(duration);
    }

    /** Spring ignores what is no property, so a Job with its arguments in another order would serve, and never end. */
    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            delimiter = '|',
            value = {
                "--drover.worker.workflows=order drain | 'drain'",
                "--drover.role=worker run order        | 'run', 'order'",
                "serve drain                           | 'drain'",
                "serve --help                          | '--help'",
                "-Ddrover.role=worker                  | '-Ddrover.role=worker'",
                "--for 3h                              | '--for', '3h'",
                "--drover.role worker                  | 'worker'",
                "--=x                                  | '--=x'",
            })
    void servesNotWhereAnotherCommandMayBeMeant(String line, String unknown) {
        String[] words = line.split(" ");

        assertThat(DroverCommand.isAskedFor(words)).isFalse();
        assertThatThrownBy(() -> DroverCommand.properties(words))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("takes properties only, such as --drover.role=worker, and not " + unknown + ";");
    }

    @Test
    void servesWithProperties() {
        String[] properties = {"--drover.role=worker", "--spring.jmx.enabled", "--debug", "--topic=orders"};

        assertThat(DroverCommand.properties(properties)).containsExactly(properties);
        assertThat(DroverCommand.properties("serve", "--drover.role=worker")).containsExactly("--drover.role=worker");
        assertThat(DroverCommand.properties("--drover.role=worker", "serve")).containsExactly("--drover.role=worker");
    }

    /** What a person says of a call cannot be taken back, so it is recorded as it was said. */
    @ParameterizedTest
    @ValueSource(strings = {"12345678901234567890.12", "{\"amount\":0.10000000000000000000001}", "100.50", "1E+400"})
    void readsNumbersExactly(String document) throws Exception {
        assertThat(ExactJson.write(ExactJson.read(document))).isEqualTo(document);
    }

    @Test
    void validateNamesASettingWhoseTimeHasNoUnit() {
        assertThat(execute("validate", directory.toString(), "--drover.tools.charge.timeout=10"))
                .isEqualTo(1);
        assertThat(out.toString())
                .contains("drover.tools.charge.timeout (10) has no unit, so it is in milliseconds; write 10s");
        assertThat(execute("validate", directory.toString(), "--drover.tools.charge.timeout=10s"))
                .isZero();
    }

    @Test
    void explainsACommand() {
        assertThat(execute("help", "tasks")).isZero();
        assertThat(out.toString()).contains("Usage: drover tasks");
    }

    @Test
    void completesForAShell() {
        assertThat(execute("generate-completion")).isZero();
        assertThat(out.toString()).contains("_complete_drover", "set-aside", "--expected");
    }

    @Test
    void namesTheVersionOfTheBuild() {
        assertThat(execute("--version")).isZero();
        assertThat(out.toString().strip()).isEqualTo("Drover development");
    }

    private int execute(String... words) {
        return DroverCommand.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(words);
    }

    @ParameterizedTest
    @CsvSource({
        "jar:nested:/app/drover.jar/!BOOT-INF/classes/!/, true",
        "jar:nested:/app/drover.jar/!BOOT-INF/lib/picocli-4.7.7.jar!/, true",
        "jar:nested:/app/drover.jar/!BOOT-INF/lib/jackson-databind-2.21.7.jar!/, true",
        "jar:nested:/app/drover.jar/!BOOT-INF/lib/jackson-annotations-2.21.jar!/, true",
        "jar:nested:/app/drover.jar/!BOOT-INF/lib/jackson-dataformat-yaml-2.21.7.jar!/, false",
        "jar:nested:/app/drover.jar/!BOOT-INF/lib/spring-core-6.2.19.jar!/, false"
    })
    void aClientCommandOpensFewJars(String url, boolean needed) {
        assertThat(FewJars.isNeeded(url)).isEqualTo(needed);
    }

    @Test
    void aClientCommandIsTheOnlyOneOnItsCommandLine() {
        assertThat(ClientCommand.of("tasks", "--limit", "1"))
                .isNotNull()
                .satisfies(line -> assertThat(line.getSubcommands()).containsOnlyKeys("tasks"));
        assertThat(ClientCommand.of("run")).isNull();
        assertThat(ClientCommand.of("nothing")).isNull();
        assertThat(FewJars.run("tasks"))
                .as("its classes are in no jar of jars here")
                .isNull();
    }
}
