package io.drover.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static io.drover.Chromium.shoot;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import io.drover.Chromium;
import io.drover.SampleRollout;
import io.drover.api.ApiClient;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The console in a real Chromium: by keyboard, on a phone, in the dark. */
class BrowserTest extends ConsoleTestBase {

    private static Chromium chromium;

    private final List<String> complaints = new ArrayList<>();
    private BrowserContext context;

    @Autowired
    JdbcClient jdbc;

    @BeforeAll
    static void start() {
        chromium = Chromium.start();
    }

    @AfterAll
    static void stop() {
        if (chromium != null) {
            chromium.close();
        }
    }

    @AfterEach
    void complainsAboutNothing() {
        if (context != null) {
            context.close();
        }
        assertThat(complaints).isEmpty();
    }

    @Test
    void filtersByKeyboardAndOpensATask() {
        String key = "ORDER-" + UUID.randomUUID().toString().substring(0, 8);
        deadOrder("T-10", "Atlantis", "Idempotency-Key", key);
        Page page = page(1200, 800, ColorScheme.LIGHT);

        page.navigate(url("/"));
        page.keyboard().press("Tab");
        assertThat(page.locator(":focus")).hasText("Skip to the content");
        page.keyboard().press("Enter");
        Locator search = page.getByLabel("Id, key or text of an error");
        for (int i = 0; i < 30 && !(Boolean) search.evaluate("e => e === document.activeElement"); i++) {
            page.keyboard().press("Tab");
        }
        page.keyboard().type(key);
        page.keyboard().press("Enter");

        assertThat(page.locator("#list tbody tr")).hasCount(1);
        Locator link = page.locator("#list tbody a");
        for (int i = 0; i < 30 && !(Boolean) link.evaluate("e => e === document.activeElement"); i++) {
            page.keyboard().press("Tab");
        }
        page.keyboard().press("Enter");
        assertThat(page.locator("h1")).containsText(key);
        assertThat(page.locator(".timeline .call")).hasCount(3);
        shoot(page, "task");
        page.getByText("Retry…").focus();
        page.keyboard().press("Enter");
        assertThat(page.getByText("Done, will be skipped")).isVisible();
        shoot(page, "task-retry");
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Retry the task"))
                .click();
        assertThat(page.getByText("The task is queued again.")).isVisible();
    }

    @Test
    void retriesAGroupAfterALookAtWhatIsDone() {
        for (int i = 0; i < 4; i++) {
            deadOrder("T-2" + i, "Shangri-La", "Idempotency-Key", "SHANGRI-" + UUID.randomUUID());
        }
        Page page = page(1200, 800, ColorScheme.LIGHT);

        page.navigate(url("/console/dead"));
        shoot(page, "dead");
        page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Shangri-La"))
                .first()
                .click();

        Locator charge = page.locator("tr").filter(new Locator.FilterOptions().setHasText("has effects"));
        assertThat(charge).containsText("charge");
        assertThat(charge).containsText("skipped");
        shoot(page, "retry");
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Retry them"))
                .click();
        assertThat(page.getByText("4 tasks are queued again.")).isVisible();
    }

    @Test
    void showsWhatChangesWithoutBeingAsked() {
        String id = operator()
                .post("/api/tasks/order?delay=1h", "{\"orderId\":\"live\",\"city\":\"Oslo\"}")
                .json()
                .get("id")
                .asText();
        Page page = page(1200, 800, ColorScheme.LIGHT);
        page.navigate(url("/console/tasks?q=" + id));
        Locator row = page.locator("#list tbody tr");
        assertThat(row).containsText("waiting");
        row.getByRole(AriaRole.LINK).focus();

        operator().post("/api/tasks/" + id + "/cancel", "");

        assertThat(row).containsText("cancelled");
        assertThat(page.locator("#live")).hasText("Live");
        assertThat(row.getByRole(AriaRole.LINK)).isFocused();
    }

    /** Rows move up when one goes: a click must not meet another row's button. */
    @Test
    void movesNothingAwayUnderThePointer() {
        String first = hold("first");
        String second = hold("second");
        Page page = page(1200, 800, ColorScheme.LIGHT);
        page.navigate(url("/console/holds"));
        release(page, second).hover();

        operator().delete("/api/holds/" + first);

        assertThat(page.locator("#live")).hasText("Paused while something on the page is open, marked or pointed at");
        assertThat(release(page, first)).isVisible();
        page.mouse().move(0, 0);
        assertThat(release(page, first)).hasCount(0);
        operator().delete("/api/holds/" + second);
    }

    private static Locator release(Page page, String hold) {
        return page.locator("[aria-label='Release hold %s']".formatted(hold));
    }

    private String hold(String name) {
        return hold(name, "browser");
    }

    private String hold(String name, String reason) {
        return operator()
                .post("/api/holds", "{\"kind\":\"tool\",\"name\":\"%s\",\"reason\":\"%s\"}".formatted(name, reason))
                .json()
                .path("id")
                .asText();
    }

    @Test
    void keepsALongTimelineShortAndWhatIsOpenOpen() {
        String id = longTask(300);
        List<Integer> answers = new ArrayList<>();
        Page page = page(1200, 800, ColorScheme.LIGHT);
        page.onResponse(answer -> {
            if (answer.url().endsWith("/console/tasks/" + id)) {
                answers.add(answer.status());
            }
        });
        page.navigate(url("/console/tasks/" + id));

        shoot(page, "task-long");
        assertThat((Integer) page.evaluate("document.documentElement.scrollHeight"))
                .isLessThan(3_000);
        page.getByText("100 calls done").first().click();
        Locator fold = page.locator("#calls-1");
        assertThat(fold.locator("li")).hasCount(100);
        fold.locator("#arguments-7 summary").click();
        assertThat(fold.locator("#arguments-7 pre")).containsText("N-6");
        shoot(page, "task-long-open");
        page.waitForCondition(() -> answers.contains(304));

        operator().post("/api/tasks/" + id + "/cancel", "");

        assertThat(page.locator("h1 .badge")).hasText("cancelled");
        assertThat(fold.locator("li")).hasCount(100);
        assertThat(fold.locator("#arguments-7 pre")).isVisible();
    }

    @Test
    void walksThroughAFamily() {
        String id = submit(
                "family",
                IntStream.range(0, 60).mapToObj("{\"n\":%d}"::formatted).collect(Collectors.joining(",", "[", "]")));
        Page page = page(1200, 800, ColorScheme.LIGHT);
        page.navigate(url("/console/tasks/" + id));
        Locator family = page.locator("section.family");
        assertThat(family.locator("p").first()).containsText(Pattern.compile("completed\\s+60"));
        assertThat(page.locator("section.family > .tree > li")).hasCount(21);
        shoot(page, "task-family");

        family.getByText("Older children").click();
        assertThat(family.locator(".tree .tree > li")).hasCount(40);
        Locator oldest = family.locator(".tree .tree > li").nth(39);
        oldest.getByText("1 child").click();
        assertThat(oldest.locator(".tree > li")).hasCount(1);
        shoot(page, "task-family-open");
        oldest.locator(".tree a").first().click();

        assertThat(page.locator("h1")).containsText("infant");
        assertThat(page.locator(".path li")).hasCount(3);
        assertThat(page.locator(".path li").first()).containsText("family");
        assertThat(page.locator(".path a").nth(1)).containsText("relative");
        shoot(page, "task-infant");
        page.setViewportSize(360, 740);
        page.navigate(url("/console/tasks/" + id));
        page.locator("summary").all().forEach(Locator::click);
        assertThat((Integer) page.evaluate("document.documentElement.scrollWidth"))
                .isLessThanOrEqualTo(360);
    }

    @Test
    void decidesAboutACallInDoubt() {
        String id = submit("pay-back", "{\"orderId\":\"9\"}");
        Page page = page(390, 800, ColorScheme.LIGHT);
        page.navigate(url("/console/tasks/" + id));
        page.getByText("Decide…").click();
        shoot(page, "decide-phone");
        page.locator("[value=happened]").check();
        page.getByLabel("Its result").fill("{\"refund\": \"R-9\"}");
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Decide"))
                .click();
        assertThat(page.getByText("Decided.")).isVisible();
        assertThat(page.locator("h1 .badge")).hasText("completed");
    }

    @Test
    void executesAPlanAfterALookAtItsCalls() {
        String id = submit("order?mode=dry-run", "{\"orderId\":\"%s\",\"city\":\"Oslo\"}".formatted("x".repeat(200)));
        Page page = page(360, 740, ColorScheme.LIGHT);
        page.navigate(url("/console/tasks/" + id));
        fits(page, "the page of a dry run");

        page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Execute the plan…"))
                .click();
        assertThat(page.locator(".plan li")).hasCount(1);
        assertThat(page.locator(".plan li")).containsText("charge");
        fits(page, "a plan");
        shoot(page, "plan-phone");
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Execute the plan"))
                .click();

        assertThat(page.getByText("This task executes the plan.")).isVisible();
        assertThat(page.locator("h1 .badge")).hasText("completed");
        page.locator("dd a[href$='%s']".formatted(id)).click();
        assertThat(page.getByText("Its plan is executed by")).isVisible();
        assertThat(page.getByText("Execute the plan…")).hasCount(0);
    }

    @Test
    void movesInTheInboxByKeyboard() {
        deadOrder("T-60", "Lemuria");
        submit("pay-back", "{\"orderId\":\"T-61\"}");
        Page page = page(1280, 800, ColorScheme.LIGHT);
        page.navigate(url("/console/inbox"));
        List<String> pages = page.locator("[data-item]").all().stream()
                .map(item -> item.getAttribute("href"))
                .toList();
        assertThat(pages).hasSizeGreaterThan(1);

        for (String key : List.of("j", "j", "k", "j")) {
            page.keyboard().press(key);
        }
        page.keyboard().press("Enter");
        page.waitForURL("**" + pages.get(1));
    }

    @Test
    void showsAViewerNoButtons() {
        String id = deadOrder("T-30", "Atlantis");
        Page page = page(1200, 800, ColorScheme.LIGHT, "vic");

        page.navigate(url("/console/tasks/" + id));

        assertThat(page.locator("main button, main form")).hasCount(0);
    }

    @ParameterizedTest
    @EnumSource(
            value = ColorScheme.class,
            names = {"LIGHT", "DARK"})
    void fitsOnAPhone(ColorScheme scheme) {
        String id = deadOrder("T-40", "a city with-a-name-that-is-" + "very-".repeat(40) + "long");
        String trial = trial("trial-" + scheme.name().toLowerCase());
        evaluated(id);
        talked(id);
        Page page = page(360, 740, scheme);

        for (String path : List.of(
                "/console/tasks",
                "/console/tasks/" + id,
                "/console/tasks/" + id + "/conversations",
                "/console/evals",
                "/console/dead",
                "/console/inbox",
                "/console/approvals",
                "/console/holds",
                "/console/rollouts",
                "/console/rollouts/" + trial,
                "/console/audit",
                "/console/standing-grants",
                "/console/tools",
                "/console/workflows",
                "/console/workers",
                "/console/nothing")) {
            fitsOnAPhone(page, path);
            String name = path.endsWith(id) ? "task" : path.substring(path.lastIndexOf('/') + 1);
            if (path.contains(id)) {
                page.locator("summary").all().forEach(Locator::click);
            }
            shoot(page, name + "-phone-" + scheme.name().toLowerCase());
            fits(page, path); // also with what was opened
        }
        complaints.removeIf(complaint -> complaint.contains("404"));
    }

    /** Words without a place to break: addresses, ids, what people say about a decision. */
    @Test
    void fitsOnAPhoneWhateverIsWritten() {
        String word = "x".repeat(200);
        String approval = approvalFor("https://example.com/" + word.repeat(4));
        ApiClient ann = new ApiClient(port(), "ann", "secret");
        ann.post(
                "/api/standing-grants",
                "{\"tool\":\"permit\",\"calls\":2,\"for\":\"1h\",\"reason\":\"%1$s\",\"when\":\"${variable.address} == '%1$s'\"}"
                        .formatted(word));
        String hold = hold(word.substring(0, 60), word);
        submit("doomed", "{\"message\":\"%s\"}".formatted(word), "Idempotency-Key", "T-" + word);
        Page page = page(360, 740, ColorScheme.LIGHT, "ann");

        for (String path : List.of(
                "/console/approvals",
                approval,
                "/console/inbox",
                "/console/standing-grants",
                "/console/holds",
                "/console/audit",
                "/console/dead",
                "/console/tasks")) {
            fitsOnAPhone(page, path);
        }
        shoot(page, "tasks-long-words");
        ann.post(
                "/api/approvals/%s/vote".formatted(approval.replaceFirst(".*/", "")),
                """
                {"vote":"reject","reason":"%s"}""".formatted(word));
        fitsOnAPhone(page, approval);
        assertThat(page.locator("main")).containsText(word);
        shoot(page, "approval-long-words");
        operator().delete("/api/holds/" + hold);
    }

    private void evaluated(String task) {
        jdbc.sql(
                        """
                        insert into evaluation (task_id, workflow, version, state, score, reason, ended_at)
                        select id, workflow, 1, 'FAILED', 0, 'check short', now() from task where id = ?
                        """)
                .param(UUID.fromString(task))
                .update();
    }

    /** An agent asks for a call that was not made, with a long word in it. */
    private void talked(String task) {
        String word = "very-".repeat(60) + "long";
        String asked = "\"agent\":\"helper\",\"run\":1,\"input\":\"x\",\"branch\":\"\",\"pinned\":\"%s\""
                .formatted(UUID.randomUUID());
        String usage = "\"usage\":{\"in\":9,\"out\":3},\"usd\":0.002";
        call(
                task,
                90,
                "{%s}".formatted(asked),
                "{\"text\":\"%s\",\"calls\":[{\"id\":\"a\",\"tool\":\"other\",\"arguments\":\"{\\\"x\\\":\\\"%s\\\"}\"}],%s}"
                        .formatted(word, word, usage));
        call(
                task,
                91,
                "{%s,\"heard\":[{\"text\":\"there is no tool '%s'\"}]}".formatted(asked, word),
                "{\"text\":\"Done.\",\"calls\":[],%s}".formatted(usage));
    }

    private void call(String task, int n, String arguments, String result) {
        jdbc.sql(
                        """
                        insert into call (task_id, address, n, tool, state, token, definition, arguments, result, started_at)
                        values (?, gen_random_uuid(), ?, 'model.default', 'SUCCEEDED', 1, 1, ?::json, ?::json, now())
                        """)
                .params(UUID.fromString(task), n, arguments, result)
                .update();
    }

    /** A rollout of versions that nobody has, and that is rolled back. */
    private String trial(String id) {
        SampleRollout.begin(jdbc, id, 200, 6);
        await().until(() -> operator()
                .get("/api/rollouts/" + id)
                .json()
                .path("state")
                .asText()
                .equals("rolled-back"));
        return id;
    }

    /** The page of a request for an approval with this argument. */
    private String approvalFor(String address) {
        String task = operator()
                .post("/api/tasks/ask", "{\"address\":\"%s\"}".formatted(address))
                .json()
                .path("id")
                .asText();
        return await().until(
                        () -> operator()
                                .get("/api/tasks/" + task)
                                .json()
                                .at("/approvals/0/id")
                                .asText(),
                        id -> !id.isEmpty())
                .transform("/console/approvals/"::concat);
    }

    private void fitsOnAPhone(Page page, String path) {
        page.navigate(url(path));
        fits(page, path);
    }

    /** Once it is laid out: on a slow machine its style may come after its text. */
    private static void fits(Page page, String path) {
        await().untilAsserted(() -> {
            assertThat((Integer) page.evaluate("document.documentElement.scrollWidth"))
                    .as(path)
                    .isLessThanOrEqualTo(360);
            assertThat(page.evaluate(
                            "[...document.querySelectorAll('td')].filter(td => td.offsetParent && td.scrollWidth > td.clientWidth + 1)"
                                    + ".map(td => td.textContent.trim())"))
                    .as("cells of %s that hang over", path)
                    .isEqualTo(List.of());
        });
    }

    @Test
    void makesAKeyThatIsShownOnceAndRevokesIt() {
        String name = "browser-" + UUID.randomUUID().toString().substring(0, 8);
        Page page = page(360, 740, ColorScheme.LIGHT, "kay");
        page.navigate(url("/console/keys"));
        assertThat(page.locator("nav a")).hasText(new String[] {"Keys"});

        page.getByText("Make a key…").click();
        page.getByLabel("Program, as in billing").fill(name);
        page.getByLabel("viewer").check();
        page.getByLabel("Of the workflows").fill("order, do*");
        fits(page, "/console/keys");
        page.getByText("Make the key").click();

        String key = page.locator("#key").textContent();
        ApiClient program = ApiClient.withToken(port(), key);
        assertThat(program.get("/api/tasks?workflow=order").status()).isEqualTo(200);
        assertThat(program.get("/api/tools").status())
                .as("it is limited to two workflows")
                .isEqualTo(403);
        fits(page, "/console/keys");
        shoot(page, "key-made");

        page.navigate(url("/console/keys"));
        assertThat(page.content()).doesNotContain(key);
        Locator row = page.locator("tr").filter(new Locator.FilterOptions().setHasText(name));
        assertThat(row).containsText("viewer of do*, order");
        row.getByRole(AriaRole.BUTTON).click();
        assertThat(row).containsText("revoked");
        assertThat(row.getByRole(AriaRole.BUTTON)).hasCount(0);
        await().until(() -> program.get("/api/tasks?workflow=order").status() == 401);
    }

    @Test
    void showsEveryPageInTheDark() {
        deadOrder("T-50", "Atlantis");
        submit("order", "{\"orderId\":\"T-51\",\"city\":\"Oslo\"}");
        Page page = page(1200, 800, ColorScheme.DARK);
        for (String name : List.of("tasks", "dead", "tools", "workflows", "workers")) {
            page.navigate(url("/console/" + name));
            assertThat(page.locator("nav [aria-current]"))
                    .hasText(name.substring(0, 1).toUpperCase() + name.substring(1));
            shoot(page, name + "-dark");
        }
        assertThat(page.evaluate("getComputedStyle(document.body).backgroundColor"))
                .isEqualTo("rgb(20, 24, 23)");
    }

    private String url(String path) {
        return "http://localhost:" + port() + path;
    }

    private Page page(int width, int height, ColorScheme scheme) {
        return page(width, height, scheme, "ada");
    }

    /** A new browser profile; what its console says is a complaint, and so is a violated policy. */
    private Page page(int width, int height, ColorScheme scheme, String user) {
        context = chromium.profile(width, height, scheme, user);
        Page page = context.newPage();
        page.onConsoleMessage(message -> complaints.add(message.text() + " " + page.url()));
        page.onPageError(complaints::add);
        return page;
    }
}
