package io.drover.bench;

import io.drover.guard.ToolCallListener;
import io.drover.journal.AttemptEnd;
import io.drover.journal.ClaimedTask;
import io.drover.task.TaskListener;
import java.time.Duration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Stands in for the telemetry until it exists. */
@Configuration(proxyBeanMethods = false)
class NoListeners {

    @Bean
    TaskListener noTaskListener() {
        return new TaskListener() {
            @Override
            public void began(ClaimedTask task) {}

            @Override
            public void ended(ClaimedTask task, AttemptEnd end, Throwable cause, Duration duration) {}
        };
    }

    @Bean
    ToolCallListener noToolCallListener() {
        return new ToolCallListener() {
            @Override
            public void called(String workflow, String tool, String outcome, Duration duration) {}

            @Override
            public void retried(String tool) {}

            @Override
            public void fellBack(String from, String to) {}
        };
    }
}
