package io.drover.egress;

import io.drover.egress.EgressListener.Verdict;
import io.drover.egress.EgressProperties.Mode;
import io.drover.json.Excerpt;
import io.drover.start.Listeners;
import io.drover.start.RefusedToStartException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/**
 * Decides to which hosts and addresses may be connected.
 * Tools connect to the hosts of their list, models and MCP servers to those that they are configured with.
 * Every other name that the JVM looks up must be on one of the lists.
 */
@Component
@EnableConfigurationProperties(EgressProperties.class)
public final class Egress implements DisposableBean {

    private static final Logger LOG = LoggerFactory.getLogger(Egress.class);

    /** Hosts come from arguments, too: they must not fill the memory or the log. */
    private static final int MOST_TOLD = 1_000;

    private static final int LONGEST = 253;

    private final Mode mode;
    private final HostList common;
    private final @Nullable HostList defaults;
    private final Map<String, HostList> tools = new HashMap<>();
    private final HostList configured;
    private final HostList all;
    private final EgressCaller caller;
    private final Names names;
    private final Listeners<EgressListener> listeners;
    private final Set<String> told = ConcurrentHashMap.newKeySet();
    private final Map<Asked, Answer> answers = new ConcurrentHashMap<>();
    private final RefusedLookups refusedLookups = new RefusedLookups();
    private final @Nullable JudgedLookups lookups;

    Egress(
            EgressProperties properties,
            Environment environment,
            EgressCaller caller,
            ObjectProvider<Names> names,
            List<EgressListener> listeners) {
        this.mode = properties.mode();
        this.common = properties.common();
        this.defaults = EgressProperties.list(
                EgressProperties.DEFAULTS, properties.tools().get(EgressProperties.DEFAULTS));
        properties.tools().forEach((name, settings) -> {
            HostList list = EgressProperties.list(name, settings);
            if (list != null) {
                tools.put(name, list);
            }
        });
        this.configured = common.and(
                Stream.of(new HostList("", ConfiguredHosts.in(environment).patterns())));
        this.all = configured.and(tools.values().stream());
        this.caller = caller;
        this.names = names.getIfAvailable(() -> InetAddress::getAllByName);
        this.listeners = new Listeners<>(listeners);
        this.lookups = mode == Mode.OFF ? null : judgeLookups();
    }

    /** What may be connected by the steps of tools, and by steps outside tools; null where nothing is checked. */
    public @Nullable EgressGate ofSteps() {
        return mode == Mode.OFF ? null : new EgressGate(this, null);
    }

    /** What may be connected by the clients of models and MCP servers; null where nothing is checked. */
    public @Nullable EgressGate ofConfigured() {
        return mode == Mode.OFF ? null : new EgressGate(this, configured);
    }

    /** Every loader of classes may look a name up first, and Java asks for the resolver once. */
    private JudgedLookups judgeLookups() {
        if (!NetResolver.isInForce()) {
            String why =
                    "names that are looked up in this process are not checked, because Java had loaded its resolver"
                            + " before Drover's was there; start drover.jar without agents that connect";
            if (mode == Mode.ENFORCE) {
                throw new RefusedToStartException("%s is enforce, but %s".formatted(EgressProperties.Common.MODE, why));
            }
            LOG.warn("egress: {}", why);
        }
        JudgedLookups judge = new JudgedLookups(this, all, refusedLookups);
        NetResolver.judgeBy(judge);
        return judge;
    }

    private record Asked(HostList list, String host, int port) {}

    /** @param why null where the list allows the host */
    record Answer(Host host, @Nullable String why) {}

    /** What a list says to a host as it is written; nearly all requests ask again for the same few. */
    Answer answer(HostList list, String written, int port) {
        Asked asked = new Asked(list, written, port);
        Answer known = answers.get(asked);
        if (known != null) {
            return known;
        }
        Host host = Host.of(written);
        Answer answer = new Answer(host, problem(list, host, port));
        if (answers.size() < MOST_TOLD && written.length() <= LONGEST) {
            answers.put(asked, answer);
        }
        return answer;
    }

    /**
     * What the resolver refused, if that is why a step has failed whose client hides it.
     *
     * @param tool  whose step it is; empty outside of tools
     * @param since {@link System#nanoTime} before the step, which ran on this thread
     * @return the exception that says so, with the one of the step as its cause; null where no refusal is behind it
     */
    public @Nullable IOException behind(String tool, Throwable thrown, long since) {
        return refusedLookups.behind(thrown, who(tool), since);
    }

    /** Whether connections are refused; otherwise they are reported at most. */
    public boolean isEnforced() {
        return mode == Mode.ENFORCE;
    }

    String tool() {
        return caller.tool();
    }

    /** The list of a tool. */
    HostList listOf(String tool) {
        HostList own = tools.get(tool);
        return own != null ? own : defaults != null && !tool.isEmpty() ? defaults : common;
    }

    /** The hosts of the process's own configuration, and those for all: a proxy must be one of them or on the tool's list. */
    HostList configured() {
        return configured;
    }

    /** The addresses of a host, looked up once, and checked. */
    InetAddress[] addresses(HostList list, String written, int port) throws UnknownHostException {
        Host host = Host.of(written);
        InetAddress[] found = NetResolver.unjudged(() -> names.addresses(written));
        if (problem(list, host, port) == null || problem(configured, host, port) == null) { // else it is told already
            String tool = tool();
            judge(tool, who(tool), host, special(list, host, port, List.of(found)));
        }
        return found;
    }

    /** What is wrong with a host, whatever addresses it has; null where its list allows it. */
    static @Nullable String problem(HostList list, Host host, int port) {
        InetAddress literal = host.literal();
        if (!host.isPlain()) {
            return ": programs read this number as different addresses; write "
                    + (literal == null ? "a name" : AddressBlock.written(literal));
        }
        if (literal == null) {
            return list.allowsName(host.name(), port)
                    ? null
                    : ": no list names the host; if it is meant, add %s to %s"
                            .formatted(Excerpt.of(host.name(), LONGEST), list.setting());
        }
        if (list.allowsLiteral(literal, port)) {
            return null;
        }
        AddressKind kind = AddressKind.of(literal);
        return (kind == null ? ": no list names the address" : ": that is " + kind)
                + "; if it is meant, add %s to %s".formatted(AddressBlock.written(literal), list.setting());
    }

    /** What is wrong with the addresses that a host has now; null where nothing is. */
    @Nullable
    String special(HostList list, Host host, int port, List<InetAddress> addresses) {
        for (InetAddress address : addresses) {
            AddressKind kind = AddressKind.of(address);
            if (kind != null
                    && !list.allowsSpecial(host.name(), address, port, kind)
                    && !configured.allowsSpecial(host.name(), address, port, kind)) {
                return " (%s): that is %s; if it is meant, add %s to %s"
                        .formatted(
                                address.getHostAddress(),
                                kind,
                                (kind.isOfNamedHosts() ? Excerpt.of(host.name(), LONGEST) + " or " : "")
                                        + AddressBlock.written(address),
                                list.setting());
            }
        }
        return null;
    }

    /** Lets a connection be made, or does not. @param why null where nothing is wrong with it */
    void judge(String tool, String who, Host host, @Nullable String why) throws EgressRefusedException {
        if (why == null) {
            allow(tool);
        } else {
            refuse(tool, who, host, why);
        }
    }

    /** A connection may be made. */
    void allow(String tool) {
        listeners.each(listener -> listener.judged(tool, Verdict.ALLOWED));
    }

    static String who(String tool) {
        return tool.isEmpty() ? "a step outside tools" : "tool " + tool;
    }

    /** Refuses a connection, or tells that it would be refused. */
    void refuse(String tool, String who, Host host, String why) throws EgressRefusedException {
        Verdict verdict = isEnforced() ? Verdict.REFUSED : Verdict.REPORTED;
        listeners.each(listener -> listener.judged(tool, verdict));
        boolean isNew = told.size() < MOST_TOLD && told.add(tool + " " + host.name());
        if (!isNew && verdict == Verdict.REPORTED) {
            return; // each request comes here
        }
        String message = message(who, host.name(), why);
        if (isNew) {
            tell(message);
        }
        if (verdict == Verdict.REFUSED) {
            throw new EgressRefusedException(message);
        }
    }

    static String message(String who, String host, String why) {
        return "%s may not connect to %s%s".formatted(who, Excerpt.of(host, LONGEST), why);
    }

    /** Once for a host and a tool. */
    private void tell(String message) {
        if (isEnforced()) {
            LOG.warn("egress: {}", message);
        } else {
            LOG.info("egress: {} ({} is report, so it connects)", message, EgressProperties.Common.MODE);
        }
        if (told.size() == MOST_TOLD) {
            LOG.warn("egress: {} hosts and tools were told; only the metric counts the next ones", MOST_TOLD);
        }
    }

    @Override
    public void destroy() {
        if (lookups != null) {
            NetResolver.judgeNoMore(lookups);
        }
    }
}
