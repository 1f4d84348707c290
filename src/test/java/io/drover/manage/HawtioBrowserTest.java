package io.drover.manage;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.TimeoutError;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import io.drover.Chromium;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.camel.ServiceStatus;
import org.junit.jupiter.api.Test;

/** Hawtio in a real Chromium: a tool's route with its guard, and who may stop it. */
class HawtioBrowserTest extends HawtioTestBase {

    @Test
    void drawsTheGuardAndStopsARouteForAnOperatorOnly() throws Exception {
        try (Chromium chromium = Chromium.start();
                BrowserContext viewer = chromium.profile(1600, 1000, ColorScheme.LIGHT, "vic");
                BrowserContext operator = chromium.profile(1600, 1000, ColorScheme.LIGHT, "ada")) {
            Page page = route(viewer);
            await().until(() ->
                    shows(page, "Route Diagram", page.getByText("policy").first()));
            for (String step : List.of("policy", "idempotentConsumer", "throttle", "circuitBreaker")) {
                assertThat(page.locator("main")).containsText(step);
            }
            Chromium.shoot(page, "hawtio-route");

            stop(page);
            assertThat(page.locator("main")).containsText("forbidden");
            assertThat(status()).isEqualTo(ServiceStatus.Started);

            stop(route(operator));
            await().until(() -> status() == ServiceStatus.Stopped);
        } finally {
            camel.getRouteController().startRoute("echo");
        }
    }

    private ServiceStatus status() {
        return camel.getRouteController().getRouteStatus("echo");
    }

    private void stop(Page page) {
        Locator stop =
                page.locator("li").filter(new Locator.FilterOptions().setHasText(Pattern.compile("^voidstop\\(\\)")));
        await().until(() -> shows(page, "Operations", stop));
        stop.getByRole(AriaRole.BUTTON).first().click();
        stop.getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Execute"))
                .click();
    }

    /** Hawtio may draw a page while it still reads the MBeans, and does not draw it again. */
    private boolean shows(Page page, String tab, Locator what) {
        try {
            page.getByText(tab, new Page.GetByTextOptions().setExact(true))
                    .click(new Locator.ClickOptions().setTimeout(10_000));
            what.waitFor(new Locator.WaitForOptions().setTimeout(10_000));
            return true;
        } catch (TimeoutError e) {
            Chromium.shoot(page, "hawtio-not-drawn");
            select(page);
            return false;
        }
    }

    private Page route(BrowserContext user) {
        Page page = user.newPage();
        select(page);
        return page;
    }

    private void select(Page page) {
        page.navigate("http://localhost:%d/hawtio/camel".formatted(port));
        page.getByText("echo", new Page.GetByTextOptions().setExact(true))
                .first()
                .click();
    }
}
