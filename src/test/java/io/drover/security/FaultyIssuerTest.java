package io.drover.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.drover.MovingClock;
import io.drover.Quick;
import io.drover.json.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.security.authentication.BadCredentialsException;

/** An issuer that is away, or does not answer as it should, when somebody logs in. */
@Quick
class FaultyIssuerTest {

    private static final String BEGUN = "{\"state\":\"s\",\"nonce\":\"n\",\"code_verifier\":\"v\"}";

    private HttpServer server;
    private int status = 200;
    private String answer = "{}";
    private String named = "";
    private final Map<String, Object> further = new HashMap<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final MovingClock clock = new MovingClock(Instant.now());

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
        server.createContext("/", request -> {
            asked.add("%s %s %s"
                    .formatted(
                            request.getRequestURI().getPath(),
                            request.getRequestHeaders().getFirst("Authorization"),
                            new String(request.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
            boolean discovery = request.getRequestURI().getPath().endsWith("/openid-configuration");
            byte[] bytes = (discovery ? discovery() : answer).getBytes(StandardCharsets.UTF_8);
            request.getResponseHeaders().set("Content-Type", "application/json");
            request.sendResponseHeaders(discovery ? 200 : status, bytes.length);
            request.getResponseBody().write(bytes);
            request.close();
        });
        server.start();
        named = url();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private String discovery() {
        Map<String, Object> document = new HashMap<>(Map.of(
                "issuer", named,
                "authorization_endpoint", url() + "/authorize",
                "token_endpoint", url() + "/token",
                "jwks_uri", url() + "/keys",
                "subject_types_supported", List.of("public")));
        document.putAll(further);
        return Json.write(document);
    }

    private ConsoleLogin login() {
        return login(null);
    }

    private ConsoleLogin login(@Nullable String secret) {
        return new ConsoleLogin(
                new OidcProperties(
                        url(),
                        "drover",
                        null,
                        "sub",
                        "groups",
                        List.of(new OidcProperties.Grant("ops", Set.of("operator"), null)),
                        new OidcProperties.Login("drover", secret, "https://drover.example.com", Set.of("openid"))),
                clock);
    }

    private static void end(ConsoleLogin login) throws IOException {
        login.token(Json.parse(BEGUN), "code", "s");
    }

    @Test
    void anIssuerThatIsAwayRefusesNobody() {
        ConsoleLogin known = login();
        status = 503;
        assertThatThrownBy(() -> end(known)).isInstanceOf(UnknownNowException.class);
        server.stop(0);
        assertThatThrownBy(() -> end(known)).isInstanceOf(UnknownNowException.class);
        assertThatThrownBy(() -> end(login())).isInstanceOf(UnknownNowException.class);
    }

    @Test
    void itsRefusalIsOne() {
        status = 400;
        answer = "{\"error\":\"invalid_grant\"}";
        assertThatThrownBy(() -> end(login()))
                .isInstanceOf(BadCredentialsException.class)
                .hasMessageContaining("invalid_grant");
    }

    @Test
    void anAccessTokenWithoutAnIdTokenIsNoLogin() {
        answer = "{\"access_token\":\"a\",\"token_type\":\"Bearer\",\"expires_in\":60}";
        assertThatThrownBy(() -> end(login())).isInstanceOf(BadCredentialsException.class);
    }

    /** Else one issuer could send people to another, and take their codes (OpenID Connect Discovery 1.0, 4.3). */
    @Test
    void aDocumentOfAnotherIssuerDoesNotCount() {
        named = "https://other.example.com";
        assertThatThrownBy(() -> end(login()))
                .isInstanceOf(UnknownNowException.class)
                .hasStackTraceContaining("names another issuer");
    }

    @ParameterizedTest
    @ValueSource(strings = {"authorization_endpoint", "token_endpoint"})
    void nothingIsAskedWithoutTls(String endpoint) {
        further.put(endpoint, "http://issuer.example.com/here");
        assertThatThrownBy(() -> end(login()))
                .isInstanceOf(UnknownNowException.class)
                .hasStackTraceContaining("without TLS");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anAnswerIsReadUpToALimit(boolean discovery) {
        String much = "x".repeat(IssuerHttp.MOST_BYTES);
        if (discovery) {
            further.put("much", much);
        } else {
            answer = Json.write(Map.of("access_token", much));
        }
        assertThatThrownBy(() -> end(login()))
                .isInstanceOf(UnknownNowException.class)
                .hasStackTraceContaining("has more than 1048576 bytes");
    }

    /** Anybody can begin a login. */
    @Test
    void anIssuerThatIsAwayIsLeftAloneForAMoment() {
        ConsoleLogin login = login();
        named = "https://other.example.com";
        for (int i = 0; i < 20; i++) {
            assertThatThrownBy(() -> end(login)).isInstanceOf(UnknownNowException.class);
        }
        assertThat(asked).hasSize(1);

        named = url();
        clock.advance(ConsoleLogin.PAUSE);
        assertThatThrownBy(() -> end(login)).isInstanceOf(BadCredentialsException.class);
    }

    /** OpenID Connect Core 1.0, 9; a public client has nothing but the verifier of PKCE. */
    @ParameterizedTest
    @CsvSource(
            nullValues = "none",
            value = {
                "none, none, none, client_id=drover",
                "none, client_secret_basic, none, client_id=drover",
                "s e, none, Basic ZHJvdmVyOnMrZQ==, none",
                "s e, client_secret_basic, Basic ZHJvdmVyOnMrZQ==, none",
                "s e, client_secret_post, none, client_secret=s+e"
            })
    void saysWhoItIsAsTheIssuerWants(
            @Nullable String secret, @Nullable String method, @Nullable String header, @Nullable String field) {
        if (method != null) {
            further.put("token_endpoint_auth_methods_supported", List.of(method));
        }
        assertThatThrownBy(() -> end(login(secret))).isInstanceOf(BadCredentialsException.class);

        assertThat(asked.getLast())
                .startsWith("/token %s ".formatted(header))
                .contains("code_verifier=v", "code=code", field == null ? "" : field);
        assertThat(asked.getLast().contains("client_secret"))
                .isEqualTo(String.valueOf(field).startsWith("client_secret"));
    }
}
