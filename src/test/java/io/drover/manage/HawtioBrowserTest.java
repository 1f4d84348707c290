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
import java.time.Duration;
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
            page.getByText("Route Diagram", new Page.GetByTextOptions().setExact(true))
                    .click();
            for (String step : List.of("policy", "idempotentConsumer", "throttle", "circuitBreaker")) {
                assertThat(page.locator("main")).containsText(step);
            }
            Chromium.shoot(page, "hawtio-route");

            stop(page);
            assertThat(page.locator("main")).containsText("forbidden");
            assertThat(status()).isEqualTo(ServiceStatus.Started);

            stop(route(operator));
            await().atMost(Duration.ofSeconds(20)).until(() -> status() == ServiceStatus.Stopped);
        } finally {
            camel.getRouteController().startRoute("echo");
        }
    }

    private ServiceStatus status() {
        return camel.getRouteController().getRouteStatus("echo");
    }

    private static void stop(Page page) {
        Locator tab = page.getByText("Operations", new Page.GetByTextOptions().setExact(true));
        Locator stop =
                page.locator("li").filter(new Locator.FilterOptions().setHasText(Pattern.compile("^voidstop\\(\\)")));
        tab.click();
        try {
            stop.waitFor();
        } catch (
                TimeoutError
                        e) { // Hawtio drew the tab while it was still reading the MBeans, and does not draw it again
            Chromium.shoot(page, "hawtio-operations");
            page.reload();
            tab.click();
        }
        stop.getByRole(AriaRole.BUTTON).first().click();
        stop.getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Execute"))
                .click();
    }

    private Page route(BrowserContext user) {
        Page page = user.newPage();
        page.navigate("http://localhost:%d/hawtio/camel".formatted(port));
        page.getByText("echo", new Page.GetByTextOptions().setExact(true))
                .first()
                .click();
        return page;
    }
}
