package io.drover.command;

import io.drover.egress.NetworkPolicyText;
import io.drover.start.RefusedToStartException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.core.env.ConfigurableEnvironment;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Unmatched;

/** Says to which hosts the process connects; it needs neither database nor Kafka. */
@Command(
        name = "egress",
        mixinStandardHelpOptions = true,
        description = {
            "Prints the hosts and addresses that this configuration allows, and the settings that name them.",
            "It reads the configuration that the process would have, --<property>=<value> included."
        })
final class EgressCommand implements Callable<Integer> {

    @Option(names = "--networkpolicy", description = "Print them as a NetworkPolicy of Kubernetes.")
    private boolean networkPolicy;

    @Option(
            names = "--resolve",
            description =
                    "With --networkpolicy: write the addresses that the names have now. Without it, a comment tells the names.")
    private boolean resolve;

    @Unmatched
    private List<String> properties = new ArrayList<>();

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        LoggingSystem.get(getClass().getClassLoader()).beforeInitialize(); // no library's log lines in the manifest
        ConfigurableEnvironment environment = SpringProperties.environment(properties, spec.commandLine());
        PrintWriter out = spec.commandLine().getOut();
        try {
            out.print(
                    networkPolicy
                            ? NetworkPolicyText.manifest(environment, resolve)
                            : NetworkPolicyText.list(environment));
            out.flush();
            return 0;
        } catch (RefusedToStartException e) {
            spec.commandLine().getErr().println(e.getMessage());
            spec.commandLine().getErr().flush();
            return 1;
        }
    }
}
