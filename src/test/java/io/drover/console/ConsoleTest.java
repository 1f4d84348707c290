package io.drover.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.api.ApiClient;
import io.drover.api.ApiClient.Answer;
import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The pages as a browser gets them. */
class ConsoleTest extends ConsoleTestBase {

    private static final String HOSTILE =
            "<script>alert(1)</script><img src=x onerror=alert(2)>'\\\"&amp;${7*7}#{x}__${7*7}__";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/console/tasks",
                "/console/tasks?status=DEAD&workflow=order&q=x",
                "/console/tasks?mode=dry-run&status=COMPLETED",
                "/console/dead",
                "/console/dead?retried=3",
                "/console/tools",
                "/console/workflows",
                "/console/workers",
                "/console/audit",
                "/console/audit?actor=ada&what=&task=&since=&until="
            })
    void showsEveryPageToAViewer(String path) {
        Answer page = viewer().get(path);

        assertThat(page.status()).as(page.body()).isEqualTo(200);
        assertThat(page.header("Content-Type")).isEqualTo("text/html;charset=UTF-8");
        assertThat(page.body())
                .contains("<html lang=\"en\"", "vic (viewer)", "Skip to the content")
                .doesNotContain("th:", "<form class=\"go\"", "method=\"post\"");
        assertThat(nobody().get(path).status()).isEqualTo(401);
    }

    /** Its address holds the reason, which is a payload. */
    @Test
    void showsWhatARetryWouldDoToAReader() {
        String path = "/console/dead/retry?workflow=order&type=&reason=none";

        assertThat(reader().get(path).body()).contains("rex (reader)").doesNotContain("method=\"post\"");
        assertThat(viewer().get(path).status()).isEqualTo(403);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/console", "/console/"})
    void isWhatABrowserMeetsFirst(String path) {
        Answer root = viewer().get(path);

        assertThat(root.status()).isEqualTo(302);
        assertThat(root.header("Location")).endsWith("/console/tasks");
    }

    @Test
    void allowsNoScriptOrStyleButItsOwn() {
        Answer page = operator().get("/console/tasks");

        assertThat(page.header("Content-Security-Policy"))
                .isEqualTo("default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors"
                        + " 'none'");
        assertThat(page.header("X-Frame-Options")).isEqualTo("DENY");
        assertThat(page.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(page.header("Referrer-Policy")).isEqualTo("same-origin");
        assertThat(page.header("Cache-Control")).contains("no-store");
        assertThat(page.header("Set-Cookie")).isEmpty();
        assertThat(page.body()).doesNotContain("style=", "onclick", "<style", "http://", "https://");
    }

    @Test
    void letsBrowsersKeepItsFilesUnderTheDigestOfTheirContent() {
        Matcher style = Pattern.compile("href=\"(/console/assets/console-[0-9a-f]{32}\\.css)\"")
                .matcher(operator().get("/console/tasks").body());
        assertThat(style.find()).isTrue();

        Answer css = viewer().get(style.group(1));

        assertThat(css.status()).isEqualTo(200);
        assertThat(css.header("Content-Type")).startsWith("text/css");
        assertThat(css.header("Cache-Control")).contains("max-age=31536000", "private", "immutable");
        assertThat(css.body().length()).isLessThan(10_000);
        assertThat(viewer().get("/console/assets/application.yaml").status()).isEqualTo(404);
        assertThat(viewer().get("/console/assets/..%2f..%2fapplication.yaml").status())
                .isBetween(400, 404);
    }

    @Test
    void showsHostileTextAsText() {
        String key = "<b>" + UUID.randomUUID();
        String id = submit("doomed", "{\"message\":\"%s\"}".formatted(HOSTILE), "Idempotency-Key", key);

        for (String path : new String[] {
            "/console/tasks/" + id,
            "/console/tasks?q=" + encode(key),
            "/console/tasks?q=" + encode("<script>") + "&workflow=doomed",
            "/console/dead",
            "/console/dead/retry?workflow=doomed&type=%3Cscript%3E&reason=%22%3E%3Cscript%3E"
        }) {
            Answer page = operator().get(path);

            assertThat(page.status()).as(page.body()).isEqualTo(200);
            assertThat(page.body())
                    .doesNotContain("<script>", "<img src=x", "<b>" + key.substring(3), ">49<", "__49__");
        }
        assertThat(operator().get("/console/tasks/" + id).body())
                .contains("&lt;script&gt;alert(1)&lt;/script&gt;", "&lt;b&gt;" + key.substring(3), "${7*7}");
    }

    /** A key with such a mark would look like another. */
    @Test
    void showsMarksThatTurnTextAround() {
        String id = submit(
                "doomed",
                "{\"message\":\"paid \u202eDSU 005\u202c \ufeffat once\"}",
                "Idempotency-Key",
                "T-" + UUID.randomUUID());

        assertThat(operator().get("/console/tasks/" + id).body())
                .contains("paid [U+202E]DSU 005[U+202C] [U+FEFF]at once")
                .doesNotContain("\u202e", "\ufeff");
        assertThat(operator().get("/console/dead").body()).doesNotContain("\u202e", "\ufeff");
    }

    @Test
    void tellsTheStoryOfATask() {
        String id = deadOrder("T-1", "Vineta", "Idempotency-Key", "T-" + UUID.randomUUID());

        String page = operator().get("/console/tasks/" + id).body();

        assertThat(page)
                .contains(
                        "no carrier goes to Vineta",
                        "Submitted by ada",
                        "receipt of T-1",
                        "Done: its result is replayed, and it is never made again.",
                        "It had no effect, or may be repeated: the next attempt makes it again.",
                        "Done, will be skipped: <b>stock, charge</b>",
                        "/api/tasks/" + id);
        assertThat(page.indexOf(">stock<")).isLessThan(page.indexOf(">charge<"));
        assertThat(viewer().get("/console/tasks/" + id).body()).doesNotContain("<form method");
    }

    /** A flag is no call: a retry does not skip it, and a cancel leaves no effect of it. */
    @Test
    void showsTheFlagsOfATask() {
        String id = submit("flagged", "{}");

        assertThat(operator().get("/console/tasks/" + id).body())
                .contains("<h2 id=\"flags\">Flags</h2>", ">greeting</td>", ">hostile</td>", ">STATIC</td>")
                .contains("&lt;script&gt;alert(1)&lt;/script&gt;")
                .doesNotContain("<script>alert", "skipped: <b>flag:");
        assertThat(operator()
                        .get("/api/tasks/" + id)
                        .json()
                        .at("/flags/0/value")
                        .asText())
                .isEqualTo("<script>alert(1)</script>");
    }

    @Test
    void foldsTheCallsThatAreDone() {
        String id = longTask(300);

        String page = operator().get("/console/tasks/" + id).body();

        assertThat(page.length()).isLessThan(40_000);
        assertThat(page)
                .contains("100 calls done: stock × 100", "Attempt 1 began", "Attempt 1 failed", "no carrier goes to")
                .containsPattern("<b class=\"mono\">carrier</b>")
                .contains("/console/tasks/" + id + "/calls/1-100\"");
        Matcher folded =
                Pattern.compile("/console/tasks/[^\"]+/calls/(\\d+)-(\\d+)").matcher(page);
        int calls = Pattern.compile("<span>call \\d+</span>")
                .matcher(page)
                .results()
                .toList()
                .size();
        for (String fold : folded.results()
                .map(java.util.regex.MatchResult::group)
                .distinct()
                .toList()) {
            Answer opened = viewer().get(fold);
            assertThat(opened.status()).isEqualTo(200);
            calls += Pattern.compile("<span>call \\d+</span>")
                    .matcher(opened.body())
                    .results()
                    .toList()
                    .size();
        }
        assertThat(calls).as("every call is somewhere").isEqualTo(301);
        assertThat(operator().get("/console/tasks/" + id + "/calls/9000-9001").body())
                .contains("There are no such calls.");
        assertThat(operator().get("/console/tasks/" + id + "/calls/x-y").status())
                .isEqualTo(400);
    }

    @Test
    void sendsATaskAgainOnlyWhenItHasChanged() {
        String id = longTask(3);
        Answer first = operator().get("/console/tasks/" + id);
        String version = first.header("ETag");
        assertThat(first.body()).contains("data-version=\"" + version.replace("\"", "&quot;"));

        Answer same = org.awaitility.Awaitility.await()
                .until(
                        () -> operator()
                                .get(
                                        "/console/tasks/" + id,
                                        "If-None-Match",
                                        operator().get("/console/tasks/" + id).header("ETag")),
                        answer -> answer.status() == 304); // a minute may end between
        assertThat(same.body()).isEmpty();
        assertThat(viewer().get("/console/tasks/" + id, "If-None-Match", version)
                        .status())
                .as("a viewer sees another page")
                .isEqualTo(200);

        post("/console/tasks/" + id + "/cancel", "");

        assertThat(operator()
                        .get("/console/tasks/" + id, "If-None-Match", version)
                        .status())
                .isEqualTo(200);
    }

    @Test
    void tellsOfEveryAttempt() {
        String id = deadOrder("T-5", "Vineta");
        post("/console/tasks/" + id + "/retry", "");
        org.awaitility.Awaitility.await().until(() -> operator()
                .get("/api/tasks/" + id)
                .json()
                .get("attemptHistory")
                .findValuesAsText("ending")
                .equals(java.util.List.of("FAILED", "FAILED")));

        String page = operator().get("/console/tasks/" + id).body();

        assertThat(page.split("Attempt 1 began on worker ")).hasSize(3);
        assertThat(page.split("Attempt 1 failed")).hasSize(3);
    }

    @Test
    void retriesAndCancelsATask() {
        String id = deadOrder("T-2", "Vineta");

        Answer retried = post("/console/tasks/" + id + "/retry", "");
        assertThat(retried.status()).as(retried.body()).isBetween(302, 303);
        assertThat(retried.header("Location")).endsWith("/console/tasks/" + id + "?done=retry");
        Answer cancelled = post("/console/tasks/" + id + "/cancel", "");
        assertThat(cancelled.status()).isBetween(302, 303);
        assertThat(operator().get("/api/tasks/" + id).json().get("status").asText())
                .isEqualTo("CANCELLED");
        Answer refused = post("/console/tasks/" + id + "/retry", "");
        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.body()).contains("<h1>Conflict</h1>", "only a DEAD task can be retried");
    }

    @Test
    void redoesATaskAfterALookAtWhatThatForgets() {
        String id = deadOrder("T-8", "Vineta");
        String task = "/console/tasks/" + id;
        assertThat(operator().get(task).body())
                .contains("Redo…", "call 3, carrier", "call 1, stock")
                .doesNotContain("call 2, charge");

        String preview = operator().get(task + "/redo?from=1").body();
        assertThat(preview).contains("stock", "carrier", "charge", "Redo the task", "needs an");
        assertThat(viewer().get(task + "/redo?from=1").body()).doesNotContain("Redo the task");
        Answer kept = operator().get(task + "/redo?from=2");
        assertThat(kept.status()).isEqualTo(409);
        assertThat(kept.body()).contains("call 2 (tool:charge) is kept");

        Answer redone = post(task + "/redo", "from=1");
        assertThat(redone.status()).as(redone.body()).isBetween(302, 303);
        assertThat(redone.header("Location")).endsWith(task + "?done=redo");
        org.awaitility.Awaitility.await().until(() -> operator()
                .get("/api/tasks/" + id)
                .json()
                .get("status")
                .asText()
                .equals("DEAD"));
        com.fasterxml.jackson.databind.JsonNode after =
                operator().get("/api/tasks/" + id).json();
        assertThat(after.get("redone").asBoolean()).isTrue();
        assertThat(after.get("calls").findValuesAsText("state"))
                .containsExactly("FORGOTTEN", "SUCCEEDED", "FORGOTTEN", "SUCCEEDED", "FAILED");
        assertThat(operator().get(task).body())
                .contains("Redone from call 1, and 1 stock, 3 carrier forgotten by ada", "does not find it");
    }

    @Test
    void showsWhatADryRunDidNotDo() {
        String id = submit("order?mode=dry-run", "{\"orderId\":\"7\",\"city\":\"Oslo\"}");

        assertThat(operator().get("/console/tasks/" + id).body())
                .contains("<span class=\"badge\">dry-run</span>", "Not made. Its result is from", ">echo</b>");
        assertThat(operator().get("/console/tasks?mode=dry-run").body()).contains(id);
        assertThat(operator().get("/console/tasks?mode=live").body()).doesNotContain(id);
    }

    @Test
    void executesAPlanAfterALookAtItsCalls() {
        String id = submit("order?mode=dry-run", "{\"orderId\":\"P-2\",\"city\":\"Oslo\"}");
        String task = "/console/tasks/" + id;
        assertThat(operator().get(task).body()).contains("Execute the plan…");
        assertThat(viewer().get(task).body()).doesNotContain("Execute the plan…");

        String look = operator().get(task + "/execute").body();
        assertThat(look)
                .contains(">charge</b>", "P-2", "Execute the plan</button>")
                .doesNotContain(">stock</b>");
        assertThat(viewer().get(task + "/execute").body())
                .contains(">charge</b>")
                .doesNotContain("<button");

        Answer executed = post(task + "/execute", "");
        assertThat(executed.status()).as(executed.body()).isBetween(302, 303);
        String live = executed.header("Location").replaceFirst("\\?.*", "").replaceFirst(".*/", "");
        assertThat(operator()
                        .get(executed.header("Location").replaceFirst(".*(/console)", "$1"))
                        .body())
                .contains("This task executes the plan.", "/console/tasks/" + id);
        assertThat(operator().get(task).body())
                .contains("/console/tasks/" + live)
                .doesNotContain("Execute the plan…");
        assertThat(operator().get(task + "/execute").body())
                .contains("It is executed already", live)
                .doesNotContain("<button");
        assertThat(operator().get("/console/tasks/" + live + "/execute").status())
                .isEqualTo(409);
    }

    @Test
    void decidesAboutACallInDoubt() {
        String id = submit("pay-back", "{\"orderId\":\"7\"}");
        org.awaitility.Awaitility.await()
                .until(() -> operator().get("/console/tasks/" + id).body().contains("What happened?"));

        assertThat(post("/console/tasks/" + id + "/calls/1/resolve", "resolution=happened&result=paid")
                        .body())
                .contains("the result is not JSON");
        assertThat(post("/console/tasks/" + id + "/calls/1/resolve", "resolution=maybe")
                        .status())
                .isEqualTo(400);
        assertThat(post("/console/tasks/" + id + "/calls/1/resolve", "resolution=happened&result=%22paid%22")
                        .status())
                .isBetween(302, 303);
        org.awaitility.Awaitility.await()
                .until(() -> operator().get("/console/tasks/" + id).body().contains("s-completed"));
        assertThat(operator().get("/console/tasks/" + id).body())
                .contains("<b>Call 1 (refund) decided: happened by ada</b>");
        assertThat(operator().get("/console/audit?task=" + id).body())
                .contains("<b>resolve</b>", "/console/tasks/" + id, "paid");
        assertThat(viewer().get("/console/audit?task=" + id).body())
                .contains("<b>resolve</b>")
                .doesNotContain("paid");
        assertThat(operator().get("/console/audit?since=yesterday").status()).isEqualTo(400);
    }

    @Test
    void aToolShowsAnErrorThatCameTwiceOnce() {
        deadOrder("T-6", "Thule");
        String last = deadOrder("T-7", "Thule");

        String page = operator().get("/console/tools").body();

        assertThat(page.split("no carrier goes to Thule")).as("once").hasSize(2);
        assertThat(page).as("the last of them").contains("/console/tasks/" + last + "#");
    }

    @Test
    void retriesAGroupOfDeadTasks() {
        String id = deadOrder("T-3", "Kitezh");
        deadOrder("T-4", "Kitezh");
        Matcher link = Pattern.compile("href=\"(/console/dead/retry\\?[^\"]*Kitezh[^\"]*)\"")
                .matcher(operator().get("/console/dead").body());
        assertThat(link.find()).isTrue();

        String preview = operator().get(link.group(1).replace("&amp;", "&")).body();

        assertThat(preview).contains(id, "has effects", "skipped", "made again", "Retry them");
        String form = "workflow=order&limit=10&type=" + encode(field(preview, "type")) + "&reason="
                + encode(field(preview, "reason")) + "&until=" + encode(field(preview, "until"));
        Answer viewer = viewer().send(
                        viewer().request("/console/dead/retry", "Content-Type", "application/x-www-form-urlencoded")
                                .POST(BodyPublishers.ofString(form)));
        assertThat(viewer.status()).isEqualTo(403);
        Answer retried = post("/console/dead/retry", form);
        assertThat(retried.header("Location")).as(retried.body()).endsWith("/console/dead?retried=2");
    }

    @Test
    void onlyTheAnswerToItsMakingHoldsAKey() {
        ApiClient kay = new ApiClient(port(), "kay", "secret");
        String name = "page-" + UUID.randomUUID();

        Answer made = form(kay, "/console/keys", "name=%s&role=viewer&role=submitter&for=1h".formatted(name));

        assertThat(made.status()).as(made.body()).isEqualTo(200);
        assertThat(made.header("Cache-Control")).contains("no-store");
        Matcher key = Pattern.compile("drv_[A-Za-z0-9_-]{43}").matcher(made.body());
        assertThat(key.find()).isTrue();
        assertThat(ApiClient.withToken(port(), key.group()).get("/api/tasks").status())
                .isEqualTo(200);
        assertThat(kay.get("/console/keys").body())
                .contains(name, "submitter, viewer of *", "kay (admin)")
                .doesNotContain(key.group(), "/console/tasks");
        assertThat(operator().get("/api/audit?actor=kay&what=create-key").body())
                .contains(name)
                .doesNotContain(key.group());
        for (String wrong :
                new String[] {"role=approver", "", "role=viewer&for=2y", "role=viewer&for=1h&workflows=%24"}) {
            Answer refused = form(kay, "/console/keys", "name=%s&%s".formatted(name, wrong));
            assertThat(refused.status()).as(wrong).isEqualTo(400);
            assertThat(refused.body()).contains("<h1>Bad Request</h1>");
        }
    }

    private static Answer form(ApiClient user, String path, String fields) {
        return user.send(user.request(path, "Content-Type", "application/x-www-form-urlencoded", "Accept", "text/html")
                .POST(BodyPublishers.ofString(fields)));
    }

    @ParameterizedTest
    @CsvSource({
        "/console/tasks/x, 400",
        "/console/tasks/019ab2f4-7c1e-7000-8000-0123456789ab, 404",
        "/console/tasks?status=done, 400",
        "/console/tasks?cursor=x, 400",
        "/console/tasks?mode=wet, 400",
        "/console/tasks?workflow=a%20b, 400",
        "/console/dead/retry, 400",
        "/console/dead/retry?workflow=order&type=&reason=&limit=x, 400",
        "/console/dead/retry?workflow=order&type=&reason=&limit=0, 400",
        "/console/nothing, 404",
        "/console/tasks/x/y/z, 404"
    })
    void answersWhatIsWrongWithAPage(String path, int status) {
        Answer problem = operator().get(path);

        assertThat(problem.status()).as(problem.body()).isEqualTo(status);
        assertThat(problem.header("Content-Type")).startsWith("text/html");
        assertThat(problem.body()).contains("class=\"error\"");
    }

    private Answer post(String path, String form) {
        return form(operator(), path, form);
    }

    private static String field(String page, String name) {
        Matcher field =
                Pattern.compile("name=\"" + name + "\" value=\"([^\"]*)\"").matcher(page);
        assertThat(field.find()).isTrue();
        return field.group(1).replace("&#39;", "'").replace("&quot;", "\"").replace("&amp;", "&");
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
