package io.drover;

import io.drover.guard.ToolCallListener;
import io.drover.journal.AttemptEnd;
import io.drover.journal.ClaimedTask;
import io.drover.task.TaskListener;
import java.time.Duration;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;

@TestConfiguration
public class TestListeners {

    @Bean
    TaskListener taskListener() {
        return new TaskListener() {
            @Override
            public void began(ClaimedTask task) {}

            @Override
            public void ended(ClaimedTask task, AttemptEnd end, Throwable cause, Duration duration) {
                System.out.println("ENDED " + task.id() + " " + end + " " + cause);
                if (cause != null) cause.printStackTrace(System.out);
            }
        };
    }

    @Bean
    ToolCallListener callListener() {
        return new ToolCallListener() {
            @Override
            public void called(String workflow, String tool, String outcome, Duration duration) {
                System.out.println("CALLED " + tool + " " + outcome + " " + duration);
            }

            @Override
            public void retried(String tool) {}

            @Override
            public void fellBack(String from, String to) {}
        };
    }
}
