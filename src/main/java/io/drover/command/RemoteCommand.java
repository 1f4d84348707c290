package io.drover.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.drover.command.Api.RefusedException;
import java.io.Console;
import java.io.PrintWriter;
import java.net.URI;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A command that asks a running instance. It starts nothing of Spring. */
abstract class RemoteCommand implements Callable<Integer> {

    @Option(
            names = "--url",
            defaultValue = "${env:DROVER_URL:-http://localhost:8080}",
            description = "Where Drover runs. Defaults to DROVER_URL, else http://localhost:8080.")
    private String url;

    @Option(
            names = "--user",
            defaultValue = "${env:DROVER_USER}",
            paramLabel = "<name>[:<password>]",
            description = "The user. Defaults to DROVER_USER. If it holds no password, the password comes from"
                    + " DROVER_PASSWORD or a prompt. Without a user, DROVER_KEY is sent as an API key.")
    private @Nullable String user;

    @Option(names = "--json", description = "Print the API's answer.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    /** @return the exit code */
    abstract int run(Api api) throws RefusedException;

    @Override
    public final Integer call() {
        try {
            return run(new Api(url(), login()));
        } catch (RefusedException e) {
            complain(String.valueOf(e.getMessage()));
            return 1;
        } finally {
            out().flush();
        }
    }

    /** Prints the answer as it came when that is asked for, else for people. Some answers are empty. */
    final void show(Api.Answer answer, Runnable forPeople) {
        if (json) {
            out().print(answer.text().isEmpty() ? "" : answer.text() + System.lineSeparator());
        } else {
            forPeople.run();
        }
    }

    final boolean isJson() {
        return json;
    }

    final PrintWriter out() {
        return spec.commandLine().getOut();
    }

    final void say(String line) {
        out().println(Table.printable(line));
    }

    final void complain(String line) {
        out().flush();
        spec.commandLine().getErr().println(Table.printable(line));
    }

    final CommandLine command() {
        return spec.commandLine();
    }

    final ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    /** The document that an option holds. */
    final @Nullable JsonNode json(String option, @Nullable String text) {
        if (text == null) {
            return null;
        }
        String problem;
        try {
            JsonNode document = ExactJson.read(text);
            if (!document.isMissingNode()) {
                return document;
            }
            problem = "it is empty";
        } catch (JsonProcessingException e) {
            problem = ExactJson.reason(e);
        }
        throw wrong(
                "%s (%s) is not JSON: %s; put quotes around a text, as in '\"paid\"'".formatted(option, text, problem));
    }

    private URI url() {
        try {
            URI uri = URI.create(url.replaceAll("/+$", ""));
            if (uri.getHost() != null && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))) {
                return uri;
            }
        } catch (IllegalArgumentException e) { // as below
        }
        throw wrong("--url (%s) must be an address, as in http://localhost:8080".formatted(url));
    }

    private Api.@Nullable Login login() {
        if (user == null || user.isEmpty()) {
            String key = System.getenv("DROVER_KEY"); // no option holds a key: other users see the command line
            return key == null || key.isEmpty() ? null : Api.Login.key(key);
        }
        return Api.Login.user(user.contains(":") ? user : user + ":" + password(user));
    }

    private String password(String user) {
        String password = System.getenv("DROVER_PASSWORD");
        if (password != null) {
            return password;
        }
        Console console = System.console();
        char[] typed = console == null ? null : console.readPassword("Password of %s: ", user);
        if (typed == null) {
            throw wrong("the password of '%s' is missing, and there is no terminal to ask for it; set DROVER_PASSWORD"
                    .formatted(user));
        }
        return new String(typed);
    }
}
