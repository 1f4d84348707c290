package io.drover.component;

import io.drover.guard.PlannedCalls;
import io.drover.route.PlainText;
import io.drover.task.Signals;
import java.util.Map;
import org.apache.camel.Endpoint;
import org.apache.camel.support.DefaultComponent;
import org.springframework.stereotype.Component;

/** {@code to: signal:<name>} sends a signal to the tasks that wait for it. */
@Component("signal-component")
class SignalComponent extends DefaultComponent {

    final Signals signals;
    final RecordedSteps steps;
    final PlannedCalls plans;

    SignalComponent(Signals signals, RecordedSteps steps, PlannedCalls plans) {
        this.signals = signals;
        this.steps = steps;
        this.plans = plans;
    }

    @Override
    protected Endpoint createEndpoint(String uri, String name, Map<String, Object> parameters) {
        PlainText.unescape(parameters);
        if (!name.equals(Signals.PROGRESS)) {
            Signals.checkName("signal:", name);
        }
        return new SignalEndpoint(uri, this, name);
    }
}
