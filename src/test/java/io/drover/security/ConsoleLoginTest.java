package io.drover.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.Cookie;
import com.microsoft.playwright.options.SameSiteAttribute;
import com.sun.net.httpserver.HttpServer;
import io.drover.Chromium;
import io.drover.FreePort;
import io.drover.api.ApiClient;
import io.drover.api.ApiClient.Answer;
import io.drover.api.ApiTestBase;
import java.io.OutputStream;
import java.net.CookieManager;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.web.client.ResourceAccessException;

/** People log in to the console at a real issuer, and out. */
@DirtiesContext
class ConsoleLoginTest extends ApiTestBase {

    private static final int PORT = FreePort.next();
    private static final RealIssuer ISSUER = new RealIssuer("http://localhost:%d%s".formatted(PORT, LoginFilter.DONE));

    @DynamicPropertySource
    static void issuer(DynamicPropertyRegistry registry) {
        registry.add("server.port", () -> PORT);
        registry.add("drover.security.oidc.issuer", ISSUER::url);
        registry.add("drover.security.oidc.audience", () -> TestIssuer.AUDIENCE);
        registry.add("drover.security.oidc.grants[0].value", () -> "ops");
        registry.add("drover.security.oidc.grants[0].roles", () -> "operator");
        registry.add("drover.security.oidc.grants[1].value", () -> "lookers");
        registry.add("drover.security.oidc.grants[1].roles", () -> "viewer");
        registry.add("drover.security.oidc.login.client-id", () -> RealIssuer.CLIENT);
        registry.add("drover.security.oidc.login.client-secret", () -> RealIssuer.CLIENT_SECRET);
        registry.add("drover.security.oidc.login.url", () -> "http://localhost:" + PORT);
    }

    @Test
    void aPersonLogsInWorksAndLogsOut() {
        String id =
                operator().post("/api/tasks/doubtful", "{}").json().path("id").asText();
        try (Chromium chromium = Chromium.start();
                BrowserContext profile = chromium.profile(1200, 800, ColorScheme.LIGHT, "nobody")) {
            Page page = profile.newPage();
            page.navigate("http://localhost:%d/console/tasks?workflow=doubtful".formatted(PORT));
            assertThat(page.url()).startsWith(ISSUER.url() + "/login");
            login(page, "olga");

            assertThat(page.url()).endsWith("/console/tasks?workflow=doubtful");
            assertThat(page.locator(".user").textContent()).isEqualTo("olga");
            assertThat(profile.cookies("http://localhost:" + PORT).stream().map(one -> one.name))
                    .containsExactly("__Host-drover");
            Cookie cookie = profile.cookies("http://localhost:" + PORT).getFirst();
            assertThat(cookie.httpOnly).isTrue();
            assertThat(cookie.secure).isTrue();
            assertThat(cookie.sameSite).isEqualTo(SameSiteAttribute.LAX);

            page.navigate("http://localhost:%d/console/tasks/%s".formatted(PORT, id));
            page.locator("#cancel summary").click();
            page.locator("#cancel button").click();
            assertThat(page.locator(".done").textContent()).contains("cancelled");
            Chromium.shoot(page, "login");

            page.locator(".logout button").click();
            assertThat(page.url()).endsWith("/console/logged-out");
            assertThat(page.locator("h1").textContent()).isEqualTo("Logged out");
            assertThat(profile.cookies("http://localhost:" + PORT)).isEmpty();
        }
        assertThat(operator()
                        .get("/api/audit?actor=olga&task=" + id)
                        .json()
                        .at("/entries/0/what")
                        .asText())
                .isEqualTo("cancel");
    }

    private static void login(Page page, String user) {
        page.locator("[name=username]").fill(user);
        page.locator("[name=password]").fill("secret");
        page.locator("button[type=submit]").click();
    }

    /** As a browser does it, step by step. */
    private static final class Visitor {

        private final CookieManager cookies = new CookieManager();
        private final HttpClient http =
                HttpClient.newBuilder().cookieHandler(cookies).build();
        private String own = "";

        HttpResponse<String> get(String url) throws Exception {
            HttpRequest.Builder request =
                    HttpRequest.newBuilder(URI.create(url)).header("Accept", "text/html");
            return send(request);
        }

        HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
            HttpRequest built = request.copy().build();
            if (!own.isEmpty() && built.uri().getPort() == PORT) { // that cookie store sends none that is secure
                request.setHeader("Cookie", own);
            }
            HttpResponse<String> response = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
            if (built.uri().getPort() == PORT) {
                response.headers().allValues("Set-Cookie").stream()
                        .map(cookie -> cookie.split(";")[0])
                        .filter(cookie -> !cookie.endsWith("="))
                        .forEach(cookie -> own = cookie);
            }
            return response;
        }

        /** @return where the issuer sends it back to */
        String atIssuer(String user, String to) throws Exception {
            String begin = "http://localhost:%d/console/login?to=%s"
                    .formatted(PORT, URLEncoder.encode(to, StandardCharsets.UTF_8));
            String authorize = location(get(begin));
            assertThat(authorize).contains("code_challenge_method=S256", "nonce=", "state=");
            get(authorize);
            String form = get(ISSUER.url() + "/login").body();
            String csrf = form.replaceAll("(?s).*name=\"_csrf\"[^>]*value=\"([^\"]+)\".*", "$1");
            HttpResponse<String> in = send(HttpRequest.newBuilder(URI.create(ISSUER.url() + "/login"))
                    .header("Content-Type", "application/x-www-form-urlencoded")
                    .POST(HttpRequest.BodyPublishers.ofString(
                            "username=%s&password=secret&_csrf=%s".formatted(user, csrf))));
            return location(get(location(in)));
        }
    }

    private static String location(HttpResponse<String> response) {
        return response.headers().firstValue("Location").orElseThrow(() -> new AssertionError(response.body()));
    }

    @Test
    void theSessionIsTheIssuersToken() throws Exception {
        Visitor vera = new Visitor();
        HttpResponse<String> in = vera.get(vera.atIssuer("vera", "/console/workers"));
        assertThat(in.statusCode()).as(in.body()).isEqualTo(303);
        assertThat(location(in)).isEqualTo("/console/workers");
        assertThat(in.headers().allValues("Set-Cookie")).noneMatch(cookie -> cookie.contains("JSESSIONID"));

        String token = vera.own.replace("__Host-drover=", "");
        assertThat(ApiClient.withToken(PORT, token).get("/api/queue").status())
                .as("any process knows it without a session")
                .isEqualTo(200);
        assertThat(get("/api/queue", vera.own).status()).isEqualTo(200);
        assertThat(get("/console/tasks", vera.own).body()).contains("vera (viewer)");
        assertThat(get("/mcp", vera.own).status()).isEqualTo(401);
        assertThat(post("/console/holds", vera.own, "Sec-Fetch-Site", "same-origin")
                        .status())
                .as("a viewer")
                .isEqualTo(403);
        assertThat(post("/console/logout", vera.own, "Sec-Fetch-Site", "cross-site")
                        .status())
                .isEqualTo(403);
    }

    @Test
    void whatAnotherBrowserBeganDoesNotEndHere() throws Exception {
        Visitor attacker = new Visitor();
        String back = attacker.atIssuer("olga", "/console/tasks");

        assertThat(new Visitor().get(back).statusCode()).as("no state").isEqualTo(401);
        Visitor victim = new Visitor();
        victim.get("http://localhost:%d/console/login".formatted(PORT));
        assertThat(victim.get(back).statusCode()).as("another state").isEqualTo(401);
        assertThat(attacker.get(back.replaceAll("code=[^&]+", "code=guessed")).statusCode())
                .isEqualTo(401);
        assertThat(attacker.own).doesNotStartWith("__Host-drover=");
    }

    @Test
    void aCodeCountsOnce() throws Exception {
        Visitor olga = new Visitor();
        String back = olga.atIssuer("olga", "/console/tasks");
        String begun = olga.own;
        assertThat(olga.get(back).statusCode()).isEqualTo(303);
        olga.own = begun;
        assertThat(olga.get(back).statusCode()).isEqualTo(401);
    }

    /** What a page would refuse anyway is no login: the browser would be sent to the issuer again and again. */
    @ParameterizedTest
    @CsvSource({"nora, gives no role", "mona, longer than a cookie", "lars, is over already"})
    void aTokenThatDoesNotDoIsNoLogin(String user, String why) throws Exception {
        Visitor visitor = new Visitor();
        HttpResponse<String> in = visitor.get(visitor.atIssuer(user, "/console/tasks"));
        assertThat(in.statusCode()).isEqualTo(401);
        assertThat(in.body()).contains(why);
        assertThat(in.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        assertThat(visitor.own).doesNotStartWith("__Host-drover=");
    }

    @Test
    void whatTheIssuerDidNotSendIsNoLogin() throws Exception {
        String begun = Base64.getUrlEncoder().encodeToString("{\"state\":\"s\"}".getBytes(StandardCharsets.UTF_8));
        int address = 1;
        for (String cookie : List.of("", "!", "IA", "W10", begun)) {
            for (String query : List.of(
                    "", "?code=&state=", "?code=x&state=s", "?code=x&state=%00", "?error=%3Cscript%3E&state=s")) {
                HttpResponse<String> answer =
                        from(address++, LoginFilter.DONE + query, "__Host-drover-login=" + cookie);
                assertThat(answer.statusCode()).as(cookie + query).isEqualTo(401);
                assertThat(answer.body()).doesNotContain("<");
                assertThat(answer.headers().allValues("Set-Cookie")).noneMatch(set -> set.startsWith("__Host-drover="));
            }
        }
    }

    @Test
    void whoGuessesWaits() throws Exception {
        String guess = LoginFilter.DONE + "?code=x&state=s";
        for (int i = 0; i < 10; i++) {
            assertThat(from(99, guess, "a=b").statusCode()).isEqualTo(401);
            assertThat(from(99, LoginFilter.LOGIN, "a=b").statusCode())
                    .as("no excuse")
                    .isEqualTo(303);
        }
        HttpResponse<String> held = from(99, guess, "a=b");
        assertThat(held.statusCode()).isEqualTo(429);
        assertThat(held.headers().firstValue("Retry-After")).isPresent();
        assertThat(from(98, guess, "a=b").statusCode()).as("others do not").isEqualTo(401);
    }

    /** From an address of this machine, so that guesses of one test hold up no other. */
    private static HttpResponse<String> from(int address, String path, String cookie) throws Exception {
        try (HttpClient http = HttpClient.newBuilder()
                .localAddress(InetAddress.getByName("127.0.1." + address))
                .build()) {
            return http.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + PORT + path))
                            .header("Cookie", cookie)
                            .header("Accept", "text/html")
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }

    /** Browsers add the cookie by themselves, so a change has to say that it comes from Drover's own page. */
    @Test
    void aCookieIsNoAuthorityForOtherSites() throws Exception {
        Visitor olga = new Visitor();
        olga.get(olga.atIssuer("olga", "/console/tasks"));
        Map<String, String> bodies = Map.of(
                "POST /api/tasks/anything", "{}",
                "POST /console/logout", "",
                "POST /jolokia", "{\"type\":\"version\"}",
                "DELETE /api/memory?key=none", "",
                "PUT /api/holds", "{}");
        for (Map.Entry<String, String> one : bodies.entrySet()) {
            for (List<String> from : List.of(
                    List.<String>of(),
                    List.of("Sec-Fetch-Site", "cross-site"),
                    List.of("Sec-Fetch-Site", "same-site"),
                    List.of("Sec-Fetch-Site", "cross-site", "Origin", "http://localhost:" + PORT),
                    List.of("Origin", "https://evil.example"),
                    List.of("Origin", "http://localhost:1"),
                    List.of("Origin", "null"))) {
                Answer refused = send(one.getKey(), one.getValue(), olga.own, from.toArray(String[]::new));
                assertThat(refused.status()).as(one.getKey() + from).isEqualTo(403);
                assertThat(refused.body()).contains("another site");
            }
            assertThat(send(one.getKey(), one.getValue(), olga.own, "Sec-Fetch-Site", "same-origin")
                            .body())
                    .as(one.getKey())
                    .doesNotContain("another site");
            assertThat(send(one.getKey(), one.getValue(), olga.own, "Origin", "http://localhost:" + PORT)
                            .body())
                    .as(one.getKey())
                    .doesNotContain("another site");
        }
        assertThat(send("POST /jolokia", "{\"type\":\"version\"}", olga.own, "Sec-Fetch-Site", "same-origin")
                        .status())
                .isEqualTo(200);
        for (String mcp : List.of("/mcp", "/%6dcp", "/m%63p")) {
            assertThat(send("POST " + mcp, "{}", olga.own, "Sec-Fetch-Site", "same-origin")
                            .status())
                    .as(mcp)
                    .isIn(400, 401);
        }
    }

    @Test
    void aKeyIsNoCookie() {
        String key = new ApiClient(PORT, "kay", "secret")
                .post("/api/keys", "{\"name\":\"a-cookie\",\"roles\":[\"viewer\"],\"for\":\"1h\"}")
                .json()
                .path("key")
                .asText();
        assertThat(ApiClient.withToken(PORT, key).get("/api/queue").status()).isEqualTo(200);
        assertThat(get("/api/queue", "__Host-drover=" + key).status()).isEqualTo(401);
    }

    /** Else somebody could become that user by choosing a name at the issuer. */
    @Test
    void aUserOfTheConfigurationIsNotTakenOver() throws Exception {
        Visitor ada = new Visitor();
        assertThat(ada.get(ada.atIssuer("ada", "/console/tasks")).statusCode()).isEqualTo(401);
        assertThat(ada.own).doesNotStartWith("__Host-drover=");
    }

    @Test
    void leadsToPagesOfTheConsoleOnly() throws Exception {
        for (String to : List.of(
                "//evil.example",
                "https://evil.example",
                "/\\evil.example",
                "/console/../api",
                "/console/login?to=/console/login",
                "/api/tasks",
                "/console//evil.example",
                "/console/tasks?q=\u00e9",
                "/console/tasks?q=" + "x".repeat(2_000), // the cookie of the login would be too long
                "/console/x\r\nSet-Cookie: a=b")) {
            Visitor olga = new Visitor();
            HttpResponse<String> in = olga.get(olga.atIssuer("olga", to));
            assertThat(location(in)).as(to).isEqualTo("/console/tasks");
        }
    }

    @Test
    void onlyPeopleAreSentToTheIssuer() {
        Answer nobodys = nobody().get("/console/tasks", "Accept", "text/html");
        assertThat(nobodys.header("Location")).isEqualTo("/console/login?to=%2Fconsole%2Ftasks");
        assertThat(nobodys.header("Set-Cookie")).as("nothing to forget").isEmpty();
        Answer forged = get("/console/tasks", "__Host-drover=eyJhbGciOiJub25lIn0.e30.", "Accept", "text/html");
        assertThat(forged.status()).isEqualTo(303);
        assertThat(forged.header("Set-Cookie")).startsWith("__Host-drover=;").contains("Max-Age=0");
        for (Map.Entry<String, String> other : Map.of("/api/tasks", "text/html", "/console/tasks", "application/json")
                .entrySet()) {
            Answer answer = nobody().get(other.getKey(), "Accept", other.getValue());
            assertThat(answer.status()).isEqualTo(401);
            assertThat(answer.header("WWW-Authenticate")).contains("Basic");
        }
        assertThat(operator().get("/console/tasks").status()).as("users stay").isEqualTo(200);
        assertThat(nobody().get("/console/logged-out").status()).isEqualTo(200);
    }

    /** The discovery is behind a lock, so an issuer that sends a byte now and then would hold up everybody. */
    @Test
    void anIssuerThatDripsIsNotWaitedFor() throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", request -> {
            request.sendResponseHeaders(200, 0);
            try (OutputStream out = request.getResponseBody()) {
                for (int i = 0; i < 300; i++) {
                    out.write(' ');
                    out.flush();
                    LockSupport.parkNanos(100_000_000);
                }
            }
        });
        server.start();
        try {
            String url = "http://127.0.0.1:" + server.getAddress().getPort();
            assertTimeout(Duration.ofSeconds(15), () -> assertThatThrownBy(
                            () -> IssuerHttp.template().getForObject(url, String.class))
                    .isInstanceOf(ResourceAccessException.class));
        } finally {
            server.stop(0);
        }
    }

    private Answer get(String path, String cookie, String... headers) {
        return nobody().send(
                        nobody().request(path, headers).header("Cookie", cookie).GET());
    }

    private Answer send(String what, String body, String cookie, String... headers) {
        String[] words = what.split(" ");
        return nobody().send(nobody().request(words[1], headers)
                .header("Cookie", cookie)
                .header("Content-Type", "application/json")
                .method(words[0], HttpRequest.BodyPublishers.ofString(body)));
    }

    private Answer post(String path, String cookie, String... headers) {
        return nobody().send(nobody().request(path, headers)
                .header("Cookie", cookie)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString("kind=ALL&reason=x")));
    }
}
