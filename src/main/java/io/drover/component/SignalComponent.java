package io.drover.component;

import io.drover.journal.Journal;
import io.drover.route.PlainText;
import io.drover.task.Signals;
import java.time.Clock;
import java.util.Map;
import org.apache.camel.Endpoint;
import org.apache.camel.support.DefaultComponent;
import org.springframework.stereotype.Component;

/** {@code to: signal:<name>} sends a signal to the tasks that wait for it. */
@Component("signal-component")
class SignalComponent extends DefaultComponent {

    final Signals signals;
    final Journal journal;
    final Clock clock;

    SignalComponent(Signals signals, Journal journal, Clock clock) {
        this.signals = signals;
        this.journal = journal;
        this.clock = clock;
    }

    @Override
    protected Endpoint createEndpoint(String uri, String name, Map<String, Object> parameters) {
        PlainText.unescape(parameters);
        Signals.checkName("signal:", name);
        return new SignalEndpoint(uri, this, name);
    }
}
