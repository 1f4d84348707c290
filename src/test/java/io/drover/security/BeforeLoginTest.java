package io.drover.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.drover.api.ApiClient;
import io.drover.api.ApiTestBase;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;

/** What a client without a login can take from the others: little. */
class BeforeLoginTest extends ApiTestBase {

    @Autowired
    ConnectionLimits ports;

    /** Each test guesses from an address of its own, because the other tests log in from 127.0.0.1. */
    private String request(String from, String head) throws IOException {
        return request(port(), from, head);
    }

    static String request(int port, String from, String head) throws IOException {
        try (Socket socket = new Socket(InetAddress.getByName("127.0.0.1"), port, InetAddress.getByName(from), 0)) {
            socket.setSoTimeout(30_000);
            socket.getOutputStream()
                    .write((head + "\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.UTF_8));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    static String login(String user, String password) {
        return "GET /api/queue HTTP/1.1\r\nAuthorization: Basic "
                + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aFloodOfWrongPasswordsIsHeldBackAndHoldsNobodyElseBack() throws Exception {
        assertThat(operator().get("/api/queue").status()).isEqualTo(200);
        List<Callable<String>> guesses = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            String guess = "guess" + i;
            guesses.add(() -> request("127.0.0.2", login("ada", guess)));
        }
        List<String> answers = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(40)) {
            List<Future<String>> asked = guesses.stream().map(threads::submit).toList();
            assertThat(nobody().get("/health/live").status()).isEqualTo(200);
            assertThat(operator().get("/api/queue").status()).isEqualTo(200);
            for (Future<String> answer : asked) {
                answers.add(answer.get());
            }
        }

        assertThat(answers).allMatch(answer -> answer.startsWith("HTTP/1.1 401") || answer.startsWith("HTTP/1.1 429"));
        assertThat(answers.stream().filter(answer -> answer.startsWith("HTTP/1.1 401")))
                .hasSizeLessThanOrEqualTo(10);
        assertThat(answers.stream().filter(answer -> answer.startsWith("HTTP/1.1 429")))
                .isNotEmpty()
                .allMatch(answer -> answer.matches("(?s).*\r\nRetry-After: [1-9]\\d*\r\n.*"))
                .allMatch(answer -> answer.contains("application/problem+json"));
        assertThat(request("127.0.0.2", login("ada", "secret")))
                .as("a password that was right before is no guess")
                .startsWith("HTTP/1.1 200");
        assertThat(request("127.0.0.3", login("vic", "secret")))
                .as("another user elsewhere")
                .startsWith("HTTP/1.1 200");
    }

    /** Else each guess would be the first one from its address. */
    @Test
    void aClientDoesNotChooseTheAddressThatItsGuessesCountFor() throws Exception {
        List<String> answers = new ArrayList<>();
        for (int i = 0; i < 35; i++) {
            answers.add(request("127.0.0.9", login("nobody" + i, "guess") + "\r\nX-Forwarded-For: 198.51.100." + i));
        }

        assertThat(answers).anyMatch(answer -> answer.startsWith("HTTP/1.1 429"));
    }

    /** A byte now and then keeps Tomcat's own timeouts from ever ending. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\nHost: x\r\nX-A: ",
                "POST /api/tasks/greet HTTP/1.1\r\n"
                        + "Host: x\r\n"
                        + "Content-Type: application/json\r\n"
                        + "Content-Length: 9000\r\n\r\n"
            })
    void aRequestThatDoesNotComeToItsEndIsCut(String beginning) throws Exception {
        try (Socket socket = new Socket("127.0.0.1", port())) {
            OutputStream out = socket.getOutputStream();
            out.write(beginning.getBytes(StandardCharsets.UTF_8));

            await().pollInterval(Duration.ofMillis(500)).until(() -> !takes(out));
        }
    }

    /** Each byte keeps the connection's own timeout from ending; what came is held in memory meanwhile. */
    @Test
    void aBodyThatDripsIsRefused() throws Exception {
        String login = Base64.getEncoder().encodeToString("ada:secret".getBytes(StandardCharsets.UTF_8));
        try (Socket socket = new Socket("127.0.0.1", port())) {
            OutputStream out = socket.getOutputStream();
            out.write(
                    "POST /api/tasks/greet HTTP/1.1\r\nHost: x\r\nAuthorization: Basic %s\r\nContent-Type: application/json\r\nContent-Length: 9000\r\n\r\n\""
                            .formatted(login)
                            .getBytes(StandardCharsets.UTF_8));

            await().pollInterval(Duration.ofMillis(250))
                    .until(() -> socket.getInputStream().available() > 0 || !takes(out));

            assertThat(new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))
                            .readLine())
                    .contains(" 408");
        }
    }

    private static boolean takes(OutputStream connection) {
        try {
            connection.write('a');
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void theManagementPortHasProbesAndMetricsAndNothingElse() {
        int port = ports.managementPort();
        assertThat(port).isNotEqualTo(port());
        ApiClient nobody = new ApiClient(port, "", "");
        ApiClient operator = new ApiClient(port, "ada", "secret");

        assertThat(nobody.get("/health/live").status()).isEqualTo(200);
        assertThat(nobody.get("/health/ready").status()).isEqualTo(200);
        assertThat(nobody.get("/metrics").status()).isEqualTo(401);
        assertThat(operator.get("/metrics").status()).isEqualTo(200);
        assertThat(operator.get("/api/queue").status()).isEqualTo(404);
        assertThat(operator.get("/").status()).isEqualTo(404);
        assertThat(operator.get("/loggers").status()).isEqualTo(404);
    }

    @Test
    void theFirstPortHasThemToo() {
        assertThat(nobody().get("/health/live").status()).isEqualTo(200);
        assertThat(nobody().get("/health/ready").status()).isEqualTo(200);
        assertThat(operator().get("/metrics").status()).isEqualTo(200);
    }
}
