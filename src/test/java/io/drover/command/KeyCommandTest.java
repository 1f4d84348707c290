package io.drover.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.api.ApiTestBase;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keys are made, listed, used and revoked on the command line. */
class KeyCommandTest extends ApiTestBase {

    @TempDir
    Path directory;

    @Test
    void aKeyIsMadeUsedAndRevoked() throws Exception {
        String name = "cli-" + UUID.randomUUID();

        CommandRun made = key("kay", "create", name, "--role", "viewer,submitter", "--for", "2h");
        assertThat(made.exitCode()).as(made.err()).isZero();
        String key = made.out().strip();
        assertThat(key).as("nothing else, for scripts").matches("drv_[A-Za-z0-9_-]{43}");
        assertThat(made.err()).contains("it is not shown again");

        String row = row(name);
        assertThat(row).contains("submitter,viewer", "kay", "never").doesNotContain(key);
        assertThat(workers(key)).isZero();

        CommandRun revoked = key("kay", "revoke", row.split(" ")[0]);
        assertThat(revoked.out()).contains("is revoked");
        assertThat(row(name)).doesNotEndWith("never");
        assertThat(key("kay", "revoke", row.split(" ")[0]).exitCode()).isEqualTo(1);
    }

    @Test
    void onlyAnAdminMayAndMayMakeNoApprover() {
        assertThat(key("ada", "list").err()).contains("only a user with the role admin");
        CommandRun approver = key("kay", "create", "x", "--role", "approver", "--for", "2h");
        assertThat(approver.exitCode()).isEqualTo(1);
        assertThat(approver.err()).contains("$.roles");
        assertThat(key("kay", "create", "x", "--role", "viewer").err()).contains("--for");
        assertThat(key("kay", "create", "x", "--role", "viewer", "--for", "500d")
                        .err())
                .contains("366 days");
    }

    private String row(String name) {
        return key("kay", "list")
                .out()
                .lines()
                .filter(line -> line.contains(name))
                .findFirst()
                .orElseThrow();
    }

    private CommandRun key(String user, String action, String... more) {
        List<String> words = new ArrayList<>(List.of("key", action, "--url", url(), "--user", user + ":secret"));
        words.addAll(List.of(more));
        return CommandRun.here(words);
    }

    private String url() {
        return "http://localhost:" + port();
    }

    /** In a process of its own, whose environment holds the key. @return its exit code */
    private int workers(String key) throws Exception {
        return CommandRun.alone(directory, List.of("DROVER_KEY=" + key), "workers", "--url", url())
                .exitCode();
    }
}
