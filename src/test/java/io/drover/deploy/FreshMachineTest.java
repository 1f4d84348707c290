package io.drover.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.Needed;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the README promises: {@code mvn verify} passes where there is a JDK, Maven and nothing else. It takes as long as the whole build. */
@Tag("release")
class FreshMachineTest {

    private static final Path DIRECTORY = Path.of("target", "fresh").toAbsolutePath();

    @Test
    void everyTestPassesOrIsSkippedAloud() throws Exception {
        Needed.orSkip(Needed.DEBOOTSTRAP);
        if (!"root".equals(System.getProperty("user.name"))) {
            Needed.skip("root, who makes the fresh machine");
        }
        Files.createDirectories(DIRECTORY);
        Path log = DIRECTORY.resolve("verify.log");

        int code = new ProcessBuilder(
                        "src/test/fresh/run", DIRECTORY.toString(), System.getProperty("java.home"), "verify")
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start()
                .waitFor();

        String output = Files.readString(log);
        assertThat(code).as(log.toString()).isZero();
        assertThat(output)
                .contains("BUILD SUCCESS", "skipped: RedisCacheTest needs redis-server (Debian package redis-server)");
    }
}
