package io.drover.command;

import io.drover.egress.NetworkPolicyText;
import io.drover.start.RefusedToStartException;
import java.io.PrintWriter;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.core.env.ConfigurableEnvironment;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Says to which hosts the process connects; it needs neither database nor Kafka. */
@Command(
        name = "egress",
        mixinStandardHelpOptions = true,
        description = {
            "Prints the hosts and addresses that this configuration allows, and the settings that name them.",
            "It reads the configuration that the process would have, --<property>=<value> included."
        })
final class EgressCommand extends LocalCommand {

    @Option(names = "--networkpolicy", description = "Print them as a NetworkPolicy of Kubernetes.")
    private boolean networkPolicy;

    @Option(
            names = "--resolve",
            description =
                    "With --networkpolicy: write the addresses that the names have now. Without it, a comment tells the names.")
    private boolean resolve;

    @Override
    public Integer call() {
        LoggingSystem.get(getClass().getClassLoader()).beforeInitialize(); // no library's log lines in the manifest
        ConfigurableEnvironment environment = environment();
        PrintWriter out = commandLine().getOut();
        try {
            out.print(
                    networkPolicy
                            ? NetworkPolicyText.manifest(environment, resolve)
                            : NetworkPolicyText.list(environment));
            out.flush();
            return 0;
        } catch (RefusedToStartException e) {
            commandLine().getErr().println(e.getMessage());
            commandLine().getErr().flush();
            return 1;
        }
    }
}
