package io.drover.start;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.BeanInstantiationException;
import org.springframework.boot.SpringBootExceptionReporter;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** Says why the process does not start, in one line instead of a page. */
@Order(Ordered.HIGHEST_PRECEDENCE)
class StartFailureReporter implements SpringBootExceptionReporter {

    private static final Logger LOG = LoggerFactory.getLogger("io.drover.start");

    /** @param context required by Spring */
    StartFailureReporter(ConfigurableApplicationContext context) {}

    @Override
    public boolean reportException(Throwable failure) {
        for (Throwable t = failure; t != null; t = t.getCause()) {
            if (t instanceof RefusedToStartException refused) {
                LOG.error("Drover does not start: {}", refused.getMessage());
                return true;
            }
            if (t instanceof PortInUseException taken) {
                LOG.error(
                        "Drover does not start: port {} is in use; stop what listens there, or choose another by"
                                + " --server.port (lsof -i :{} names it)",
                        taken.getPort(),
                        taken.getPort());
                return true;
            }
            if (t instanceof BindException && ruleOf(t) instanceof IllegalArgumentException rule) {
                LOG.error("Drover does not start: {}", rule.getMessage());
                return true;
            }
        }
        return false;
    }

    /** What a value of our own settings was refused for by the settings' constructor; null for any other failure. */
    private static @Nullable Throwable ruleOf(Throwable failure) {
        return failure.getCause() instanceof BeanInstantiationException refused ? refused.getCause() : null;
    }
}
