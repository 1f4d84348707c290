package io.drover;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.PlaywrightException;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.HttpCredentials;
import com.microsoft.playwright.options.HttpCredentialsSend;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A real Chromium, as Debian installs it. Pictures go to {@code target/screenshots}. */
public final class Chromium implements AutoCloseable {

    private static final Path SCREENSHOTS = Path.of("target/screenshots");

    private final Playwright playwright;
    private final Browser browser;

    private Chromium(Playwright playwright, Browser browser) {
        this.playwright = playwright;
        this.browser = browser;
    }

    /** Skips the test, and says so, where it is not installed. */
    public static Chromium start() {
        Needed.orSkip(Needed.CHROMIUM);
        PlaywrightAssertions.setDefaultAssertionTimeout(Patience.LONG.toMillis());
        Playwright playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        Browser browser = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(Needed.CHROMIUM.path())
                        .setArgs(List.of(
                                "--no-sandbox",
                                "--disable-gpu",
                                "--disable-quic",
                                "--no-first-run",
                                "--disable-background-networking",
                                "--disable-component-update",
                                "--disable-sync")));
        return new Chromium(playwright, browser);
    }

    /** A new profile of a user, whose password is {@code secret}. */
    public BrowserContext profile(int width, int height, ColorScheme scheme, String user) {
        return browser.newContext(new Browser.NewContextOptions()
                .setViewportSize(width, height)
                .setColorScheme(scheme)
                .setHttpCredentials(new HttpCredentials(user, "secret").setSend(HttpCredentialsSend.UNAUTHORIZED)));
    }

    /** Takes a picture of the whole page. */
    public static void shoot(Page page, String name) {
        Page.ScreenshotOptions picture = new Page.ScreenshotOptions()
                .setPath(SCREENSHOTS.resolve(name + ".png"))
                .setFullPage(true);
        try {
            page.screenshot(picture);
        } catch (PlaywrightException e) { // Chromium on a busy machine has no frame at hand now and then
            page.screenshot(picture);
        }
    }

    @Override
    public void close() {
        playwright.close();
    }
}
