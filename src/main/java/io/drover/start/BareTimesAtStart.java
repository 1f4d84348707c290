package io.drover.start;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.ConfigurationPropertiesBindHandlerAdvisor;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/** Warns of the settings whose times have no unit, once each. */
@Component
class BareTimesAtStart implements ConfigurationPropertiesBindHandlerAdvisor {

    private static final Logger LOG = LoggerFactory.getLogger(BareTimesAtStart.class);

    private final Environment environment;
    private final Set<String> told = ConcurrentHashMap.newKeySet();

    BareTimesAtStart(Environment environment) {
        this.environment = environment;
    }

    @Override
    public BindHandler apply(BindHandler handler) {
        return new BareTimes(handler, environment::resolvePlaceholders, this::tell);
    }

    private void tell(String problem) {
        if (told.add(problem)) {
            LOG.warn("{}", problem);
        }
    }
}
