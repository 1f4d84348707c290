package io.drover.local;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.drover.route.RouteFiles;
import java.io.PrintStream;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import org.slf4j.LoggerFactory;

/** Says in the terminal what becomes of a file that was changed. */
final class RouteNews extends AppenderBase<ILoggingEvent> {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HH:mm:ss").withZone(ZoneId.systemDefault());

    private final PrintStream out;

    private RouteNews(PrintStream out) {
        this.out = out;
    }

    static void printTo(PrintStream out) {
        Logger logger = (Logger) LoggerFactory.getLogger(RouteFiles.class);
        RouteNews news = new RouteNews(out);
        news.setContext(logger.getLoggerContext());
        news.start();
        logger.addAppender(news);
    }

    @Override
    protected void append(ILoggingEvent event) {
        out.printf("%s   %s%n", TIME.format(Instant.ofEpochMilli(event.getTimeStamp())), event.getFormattedMessage());
    }
}
