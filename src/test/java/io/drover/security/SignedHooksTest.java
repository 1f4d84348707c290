package io.drover.security;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.drover.api.ApiClient;
import io.drover.api.ApiClient.Answer;
import io.drover.api.ApiTestBase;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/**
 * A hook whose sender signs takes the sender's requests without a login, and no others.
 * Wrong signatures come from addresses of their own, because the other tests log in from 127.0.0.1.
 */
@ExtendWith(OutputCaptureExtension.class)
class SignedHooksTest extends ApiTestBase {

    private static final String WRONG = "a-secret-that-the-sender-does-not-have";

    @ParameterizedTest
    @ValueSource(strings = {NEW_SECRET, OLD_SECRET})
    void gitHubSignsTheBodyWithOneOfTwoSecrets(String secret) {
        byte[] body = unique();

        Answer answer = post("github", body, github(secret, body));

        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        assertThat(task(answer).path("input").toString()).isEqualTo(new String(body, StandardCharsets.UTF_8));
        assertThat(task(answer).path("submittedBy").asText()).isEqualTo("hook:/hooks/github");
    }

    @Test
    void stripeAndSlackSignTheTimeToo() {
        byte[] body = unique();

        assertThat(post("stripe", body, stripe(NEW_SECRET, body, 0)).status()).isEqualTo(200);
        assertThat(post("stripe", body, stripe(NEW_SECRET, body, -290)).status())
                .isEqualTo(200);
        assertThat(post("slack", body, slack(NEW_SECRET, body, 0)).status()).isEqualTo(200);
        assertThat(post("slack", body, slack(NEW_SECRET, body, 100)).status()).isEqualTo(200);
    }

    /** The signature is over what came, and the task has what it inflates to. */
    @Test
    void aCompressedBodyIsSignedAsItIsSent() throws Exception {
        byte[] body = unique();
        ByteArrayOutputStream zipped = new ByteArrayOutputStream();
        try (OutputStream zip = new GZIPOutputStream(zipped)) {
            zip.write(body);
        }

        Answer answer = post(
                "github",
                zipped.toByteArray(),
                with(github(NEW_SECRET, zipped.toByteArray()), "Content-Encoding", "gzip"));

        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        assertThat(task(answer).path("input").toString()).isEqualTo(new String(body, StandardCharsets.UTF_8));
        String inflated = request(
                "127.0.0.31",
                "github",
                zipped.toByteArray(),
                with(github(NEW_SECRET, body), "Content-Encoding", "gzip"));
        assertThat(inflated).startsWith("HTTP/1.1 401");
    }

    /** As Slack sends a command; nothing may read the fields of a form before its bytes are verified. */
    @Test
    void aFormIsSignedAsItIsSent() {
        byte[] form = ("text=hello+world&trigger_id=" + UUID.randomUUID()).getBytes(StandardCharsets.UTF_8);
        ApiClient client = nobody();

        Answer answer = client.send(client.request("/hooks/slack?a=b", slack(NEW_SECRET, form, 0))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofByteArray(form)));

        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        assertThat(task(answer).path("input").path("text").asText()).isEqualTo("hello world");
    }

    /** A body that is not UTF-8 has a signature, too. */
    @Test
    void theBytesAreVerifiedAndNotTheirText() {
        byte[] body = "{\"n\":\"Müller\"}".getBytes(StandardCharsets.ISO_8859_1);
        ApiClient client = nobody();

        Answer answer = client.send(client.request("/hooks/github", github(NEW_SECRET, body))
                .header("Content-Type", "application/json; charset=ISO-8859-1")
                .POST(BodyPublishers.ofByteArray(body)));

        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        assertThat(task(answer).path("input").path("n").asText()).isEqualTo("Müller");
    }

    @ParameterizedTest
    @CsvSource({
        "github, 127.0.0.32",
        "stripe, 127.0.0.33",
        "slack, 127.0.0.34",
    })
    void aWrongSignatureOrNoneIsRefused(String hook, String from, CapturedOutput log) throws Exception {
        byte[] body = unique();
        byte[] other = unique();
        for (String[] headers :
                List.of(new String[0], signed(hook, WRONG, body), signed(hook, NEW_SECRET, other), new String[] {
                    signed(hook, NEW_SECRET, body)[0], "sha256=00,t=1,v1=x,v0=00"
                })) {
            String answer = request(from, hook, body, headers);

            assertThat(answer).startsWith("HTTP/1.1 401").contains("application/problem+json", "WWW-Authenticate");
            assertThat(answer).contains("urn:drover:problem:unauthenticated").doesNotContain(NEW_SECRET);
        }
        assertThat(request(from, hook, body, signed(hook, NEW_SECRET, body)))
                .as("guesses do not hold the right signature back")
                .startsWith("HTTP/1.1 200");
        assertThat(log.getAll()).doesNotContain(NEW_SECRET, OLD_SECRET);
    }

    /** Which of two would count is not said anywhere. */
    @Test
    void aHeaderThatComesTwiceIsRefused() throws Exception {
        byte[] body = unique();
        String[] right = github(NEW_SECRET, body);

        assertThat(request("127.0.0.35", "github", body, with(right, right[0], "sha256=" + "0".repeat(64))))
                .startsWith("HTTP/1.1 401");
        assertThat(request("127.0.0.35", "stripe", body, "Stripe-Signature", "t=1," + stripe(NEW_SECRET, body, 0)[1]))
                .startsWith("HTTP/1.1 401");
    }

    @ParameterizedTest
    @CsvSource({"stripe, -310", "stripe, 310", "slack, -130", "slack, 130"})
    void anOldSignatureIsRefused(String hook, int seconds) throws Exception {
        byte[] body = unique();
        String[] headers = hook.equals("stripe") ? stripe(NEW_SECRET, body, seconds) : slack(NEW_SECRET, body, seconds);

        assertThat(request("127.0.0.36", hook, body, headers))
                .startsWith("HTTP/1.1 401")
                .contains("s from now");
    }

    /** Neither can be made new by a header: headers are not signed. */
    @ParameterizedTest
    @CsvSource({"github, X-GitHub-Delivery", "github, Idempotency-Key", "slack, webhook-id", "stripe, ce-id"})
    void aRecordedRequestMakesNoSecondTask(String hook, String header) {
        byte[] body = unique();

        Answer first = post(hook, body, with(signed(hook, NEW_SECRET, body), header, "one"));
        Answer again = post(hook, body, with(signed(hook, NEW_SECRET, body), header, "two"));

        assertThat(first.status()).as(first.body()).isEqualTo(200);
        assertThat(again.json().path("id")).isEqualTo(first.json().path("id"));
        if (!hook.equals("stripe")) { // a header of another sender means nothing
            Answer other = post(hook, body, with(signed(hook, NEW_SECRET, body), "Stripe-Signature", "x"));
            assertThat(other.json().path("id")).isEqualTo(first.json().path("id"));
        }
    }

    /** Stripe counts the deliveries that are left, in the same event. */
    @Test
    void anEventOfStripeIsOneTaskWhateverElseItSays() {
        String event = "{\"id\":\"evt_" + UUID.randomUUID() + "\",\"pending_webhooks\":%d}";
        byte[] first = event.formatted(2).getBytes(StandardCharsets.UTF_8);
        byte[] again = event.formatted(1).getBytes(StandardCharsets.UTF_8);

        String id = post("stripe", first, stripe(NEW_SECRET, first, 0))
                .json()
                .path("id")
                .asText();
        Answer second = post("stripe", again, stripe(NEW_SECRET, again, 0));

        assertThat(second.status() == 409 || second.json().path("id").asText().equals(id))
                .as(second.body())
                .isTrue();
    }

    @Test
    void aLoginIsNoSignatureAndASignatureIsNoLogin() throws Exception {
        byte[] body = unique();

        assertThat(operator().post("/hooks/github", body).status()).isEqualTo(401);
        for (String path : List.of("/api/tasks", "/metrics", "/hooks/anything", "/console/tasks", "/hooks/github/")) {
            assertThat(nobody().get(path, github(NEW_SECRET, body)).status())
                    .as(path)
                    .isEqualTo(401);
        }
        assertThat(nobody().post("/hooks/anything", body, github(NEW_SECRET, body))
                        .status())
                .isEqualTo(401);
        Answer with = operator().post("/hooks/github", body, github(NEW_SECRET, body));
        assertThat(task(with).path("submittedBy").asText())
                .as("the login does not count")
                .isEqualTo("hook:/hooks/github");
        assertThat(nobody().get("/hooks/github", github(NEW_SECRET, new byte[0]))
                        .status())
                .isEqualTo(405);
    }

    @Test
    void aLongBodyIsRefusedBeforeItIsVerified() throws Exception {
        byte[] body = new byte[100_001];

        Answer declared = post("github", body, github(NEW_SECRET, body));
        ApiClient client = nobody();
        Answer chunked = client.send(client.request("/hooks/github", github(NEW_SECRET, body))
                .POST(BodyPublishers.ofInputStream(() -> new java.io.ByteArrayInputStream(body))));

        assertThat(declared.status()).as(declared.body()).isEqualTo(413);
        assertThat(chunked.status()).as(chunked.body()).isEqualTo(413);
    }

    @Test
    void manyWrongSignaturesAreHeldBackAndTheRightOneIsNot() throws Exception {
        byte[] body = unique();
        List<String> answers = new ArrayList<>();
        for (int i = 0; i < 15; i++) {
            answers.add(request("127.0.0.37", "github", body, github(WRONG + i, body)));
        }

        assertThat(answers.getFirst()).startsWith("HTTP/1.1 401");
        assertThat(answers.getLast()).startsWith("HTTP/1.1 429").contains("Retry-After: ");
        assertThat(request("127.0.0.37", "github", body, github(NEW_SECRET, body)))
                .startsWith("HTTP/1.1 200");
    }

    private Answer post(String hook, byte[] body, String... headers) {
        return nobody().post("/hooks/" + hook, body, headers);
    }

    private JsonNode task(Answer answer) {
        return operator().get("/api/tasks/" + answer.json().path("id").asText()).json();
    }

    /** A request from another address of this machine. */
    private String request(String from, String hook, byte[] body, String... headers) throws Exception {
        StringBuilder head = new StringBuilder("POST /hooks/" + hook
                + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: "
                + body.length + "\r\n");
        for (int i = 0; i < headers.length; i += 2) {
            head.append(headers[i]).append(": ").append(headers[i + 1]).append("\r\n");
        }
        try (Socket socket = new Socket(InetAddress.getByName("127.0.0.1"), port(), InetAddress.getByName(from), 0)) {
            socket.setSoTimeout((int) Duration.ofSeconds(30).toMillis());
            socket.getOutputStream().write(head.append("\r\n").toString().getBytes(StandardCharsets.UTF_8));
            socket.getOutputStream().write(body);
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static byte[] unique() {
        return "{\"n\":\"%s\"}".formatted(UUID.randomUUID()).getBytes(StandardCharsets.UTF_8);
    }

    private static String[] with(String[] headers, String... more) {
        return Stream.concat(Stream.of(headers), Stream.of(more)).toArray(String[]::new);
    }

    private static String[] signed(String hook, String secret, byte[] body) {
        return switch (hook) {
            case "github" -> github(secret, body);
            case "stripe" -> stripe(secret, body, 0);
            default -> slack(secret, body, 0);
        };
    }

    private static String[] github(String secret, byte[] body) {
        return new String[] {"X-Hub-Signature-256", "sha256=" + hmac(secret, "", body)};
    }

    private static String[] stripe(String secret, byte[] body, int seconds) {
        long time = Instant.now().getEpochSecond() + seconds;
        return new String[] {
            "Stripe-Signature",
            "t=%d,v1=%s,v1=%s,v0=%s".formatted(time, "0".repeat(64), hmac(secret, time + ".", body), "1".repeat(64))
        };
    }

    private static String[] slack(String secret, byte[] body, int seconds) {
        long time = Instant.now().getEpochSecond() + seconds;
        return new String[] {
            "X-Slack-Signature",
            "v0=" + hmac(secret, "v0:%d:".formatted(time), body),
            "X-Slack-Request-Timestamp",
            Long.toString(time)
        };
    }

    private static String hmac(String secret, String prefix, byte[] body) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            mac.update(prefix.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(mac.doFinal(body));
        } catch (java.security.GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
