package io.drover.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.drover.Drover;
import io.drover.DroverJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Follows {@code docs/tutorial.md} word by word. Maven has built already, and is left out. */
final class Tutorial {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern BLOCK =
            Pattern.compile("(?:Save it as `([^`]+)`:\n\n)?```(sh|yaml)\n(.*?)```", Pattern.DOTALL);

    /** Commands of the page call these in place of the programs. */
    private static final String PROGRAMS =
            """
            mvn() { :; }
            java() { shift 2; %s "$@"; }
            """
                    .formatted(DroverJvm.command(Drover.class, "-Xmx700m").stream()
                            .map("'%s'"::formatted)
                            .collect(Collectors.joining(" ")));

    private final Path directory;
    private final StandProcess stand;

    /** @param directory with the routes of the stand in {@code routes} */
    Tutorial(Path directory, StandProcess stand) {
        this.directory = directory;
        this.stand = stand;
    }

    private record Block(String file, String text) {}

    /** What the commands said, and the task that the page is about. */
    record Followed(List<String> said, JsonNode task) {}

    Followed follow() throws Exception {
        Files.createDirectories(directory.resolve("target/local"));
        Files.writeString(directory.resolve("target/local/password"), stand.password);
        List<String> said = new ArrayList<>();
        StringBuilder commands = new StringBuilder(PROGRAMS);
        for (Block block : blocks()) {
            if (block.file() != null) {
                Files.writeString(directory.resolve(block.file()), block.text());
            } else if (block.text().contains("<id>")) {
                said.add(voted(commands + block.text()));
            } else if (block.text().startsWith("PASSWORD=")) {
                commands.append(block.text());
            } else {
                said.add(follow(commands + block.text()));
            }
        }
        return new Followed(said, task(commands.toString()));
    }

    private static List<Block> blocks() throws IOException {
        List<Block> blocks = new ArrayList<>();
        Matcher block = BLOCK.matcher(Files.readString(Path.of("docs/tutorial.md")));
        while (block.find()) {
            assertThat(block.group(2)).as(block.group(3)).isEqualTo(block.group(1) == null ? "sh" : "yaml");
            blocks.add(new Block(block.group(1), block.group(3)));
        }
        assertThat(blocks).hasSizeGreaterThan(8);
        return blocks;
    }

    /** A file is in force within two seconds, and who reads takes longer than that. */
    private String follow(String commands) {
        String[] said = {""};
        await().untilAsserted(() -> {
            said[0] = run(commands);
            assertThat(said[0]).doesNotContain("\"status\":4").doesNotContain("\"approvals\":[]");
        });
        return said[0];
    }

    private String voted(String commands) throws Exception {
        String listed = run(PROGRAMS + "PASSWORD=$(cat target/local/password)\n"
                + "curl -s -u approver:$PASSWORD http://127.0.0.1:8080/api/approvals?tool=send_gift\n");
        String id = JSON.readTree(listed).path("approvals").path(0).path("id").asText();
        return run(commands.replace("<id>", id));
    }

    private JsonNode task(String commands) {
        JsonNode[] found = {null};
        await().untilAsserted(() -> {
            String listed = run(
                    commands
                            + "curl -s -u drover:$PASSWORD 'http://127.0.0.1:8080/api/tasks?workflow=concierge&status=COMPLETED'\n");
            String id = JSON.readTree(listed).path("tasks").path(0).path("id").asText();
            assertThat(id).isNotEmpty();
            found[0] =
                    JSON.readTree(run(commands + "curl -s -u drover:$PASSWORD http://127.0.0.1:8080/api/tasks/" + id));
        });
        return found[0];
    }

    private String run(String commands) throws Exception {
        Path out = directory.resolve("out.txt");
        Path errors = directory.resolve("errors.txt");
        ProcessBuilder bash = new ProcessBuilder(
                        "bash", "-euo", "pipefail", "-c", commands.replace("http://127.0.0.1:8080", stand.url))
                .directory(directory.toFile())
                .redirectOutput(out.toFile())
                .redirectError(errors.toFile());
        Process process = bash.start();
        assertThat(process.waitFor(3, TimeUnit.MINUTES)).as(commands).isTrue();
        String said = Files.readString(out);
        assertThat(process.exitValue())
                .as(commands + said + Files.readString(errors))
                .isZero();
        return said;
    }
}
