package io.drover.manage;

import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import javax.management.ObjectName;

/**
 * Everything that may be read and done over Jolokia.
 * Each attribute and operation is listed by its full name, under the MBean's domain and type.
 * What is not listed does not exist there.
 * Nothing is listed that holds the value of a placeholder: no URI of an endpoint, no expression of a step, no
 * property,
 * no argument of the JVM.
 * Operations that read are listed in the one form that leaves placeholders as they are written.
 */
final class JolokiaList {

    /**
     * What is listed of one type of MBeans.
     *
     * @param reads    attributes that a viewer reads
     * @param asks     operations that a viewer calls
     * @param writes   attributes that an operator sets
     * @param operates operations that an operator calls
     */
    record Listed(Set<String> reads, Set<String> asks, Set<String> writes, Set<String> operates) {

        private static final Listed NOTHING = new Listed(Set.of(), Set.of(), Set.of(), Set.of());

        static Listed reads(String... attributes) {
            return new Listed(names(attributes), Set.of(), Set.of(), Set.of());
        }

        Listed asks(String... operations) {
            return new Listed(reads, names(operations), writes, operates);
        }

        Listed writes(String... attributes) {
            return new Listed(reads, asks, names(attributes), operates);
        }

        Listed operates(String... operations) {
            return new Listed(reads, asks, writes, names(operations));
        }

        private static Set<String> names(String... lists) {
            return Arrays.stream(lists)
                    .flatMap(list -> Arrays.stream(list.strip().split("\\s+")))
                    .collect(Collectors.toUnmodifiableSet());
        }
    }

    private static final String COUNTERS =
            """
            StartTimestamp ResetTimestamp ExchangesTotal ExchangesCompleted ExchangesFailed ExchangesInflight
            FailuresHandled Redeliveries ExternalRedeliveries MinProcessingTime MeanProcessingTime MaxProcessingTime
            TotalProcessingTime LastProcessingTime DeltaProcessingTime IdleSince LastExchangeCreatedTimestamp
            LastExchangeCompletedTimestamp LastExchangeCompletedExchangeId FirstExchangeCompletedTimestamp
            FirstExchangeCompletedExchangeId LastExchangeFailureTimestamp LastExchangeFailureExchangeId
            FirstExchangeFailureTimestamp FirstExchangeFailureExchangeId StatisticsEnabled
            """;
    private static final String STATE = "CamelId CamelManagementName State";
    private static final String LOAD = "Uptime UptimeMillis Load01 Load05 Load15 Throughput";

    private static final Map<String, Listed> LIST = Map.ofEntries(
            Map.entry(
                    "org.apache.camel:context",
                    Listed.reads(
                                    COUNTERS,
                                    LOAD,
                                    "CamelId ManagementName CamelVersion State TotalRoutes StartedRoutes Tracing MessageHistory",
                                    "RemoteExchangesTotal RemoteExchangesCompleted RemoteExchangesFailed RemoteExchangesInflight")
                            .asks("dumpRoutesAsXml()", "dumpRoutesStatsAsXml", "dumpRoutesStatsAsXml(boolean,boolean)")
                            .operates("suspend()", "resume()", "reset()", "reset(boolean)")),
            Map.entry(
                    "org.apache.camel:routes",
                    Listed.reads(
                                    COUNTERS,
                                    LOAD,
                                    STATE,
                                    "RouteId SourceLocationShort Tracing MessageHistory OldestInflightDuration OldestInflightExchangeId")
                            .asks("dumpRouteAsXml()", "dumpRouteStatsAsXml(boolean,boolean)")
                            .writes("StatisticsEnabled")
                            .operates("start()", "stop()", "restart()", "reset()", "reset(boolean)")),
            Map.entry(
                    "org.apache.camel:processors",
                    Listed.reads(COUNTERS, STATE, "RouteId StepId ProcessorId ProcessorName Index Level Disabled")),
            Map.entry(
                    "org.apache.camel:consumers",
                    Listed.reads(STATE, "RouteId ServiceType InflightExchanges Suspended")),
            Map.entry(
                    "org.apache.camel:tracer",
                    Listed.reads(
                                    "CamelId CamelManagementName Standby Enabled BacklogSize TraceCounter QueueSize",
                                    "BodyMaxChars BodyIncludeStreams BodyIncludeFiles")
                            .writes("Enabled", "BodyMaxChars", "BodyIncludeStreams", "BodyIncludeFiles")
                            .operates(
                                    "setEnabled setEnabled(boolean) clear() resetTraceCounter()",
                                    "dumpAllTracedMessagesAsXml() dumpAllTracedMessagesAsJSon()",
                                    "dumpTracedMessagesAsXml(java.lang.String)")),
            Map.entry(
                    "io.drover:Tasks",
                    Listed.reads("Queued Running Waiting InDoubt")
                            .operates(
                                    "retry retry(java.lang.String) cancel cancel(java.lang.String)",
                                    "redo redo(java.lang.String,int)")),
            Map.entry(
                    "io.drover:Holds",
                    Listed.reads("InForce")
                            .operates(
                                    "hold hold(java.lang.String,java.lang.String,java.lang.String)",
                                    "release release(long)")),
            Map.entry(
                    "io.drover:Worker",
                    Listed.reads("Name Claiming Running Concurrency OldestAttemptSeconds FleetSize")),
            Map.entry(
                    "io.drover:Tool",
                    Listed.reads("Description Route ReadOnly Idempotent Throttle BreakerState FailureRate")
                            .operates("resetBreaker resetBreaker()")),
            Map.entry(
                    "io.drover:Workflow",
                    Listed.reads("Running Concurrency MaxAttempts Paused").operates("pause pause() resume resume()")),
            Map.entry("java.lang:Runtime", Listed.reads("StartTime Uptime SpecVersion VmName VmVendor VmVersion")),
            Map.entry("java.lang:Memory", Listed.reads("HeapMemoryUsage NonHeapMemoryUsage")),
            Map.entry(
                    "java.lang:Threading",
                    Listed.reads("ThreadCount PeakThreadCount DaemonThreadCount TotalStartedThreadCount")),
            Map.entry(
                    "java.lang:OperatingSystem",
                    Listed.reads(
                            "Name Version Arch AvailableProcessors SystemLoadAverage ProcessCpuLoad ProcessCpuTime CpuLoad",
                            "TotalMemorySize FreeMemorySize OpenFileDescriptorCount MaxFileDescriptorCount")),
            Map.entry(
                    "java.lang:ClassLoading",
                    Listed.reads("LoadedClassCount TotalLoadedClassCount UnloadedClassCount")),
            Map.entry("java.lang:GarbageCollector", Listed.reads("Name CollectionCount CollectionTime")),
            Map.entry("hawtio:Registry", Listed.reads("UpdateCounter")),
            Map.entry("hawtio:TreeWatcher", Listed.reads("Counter")));

    private JolokiaList() {}

    /** What is listed of an MBean; nothing when it is not listed itself. */
    static Listed of(ObjectName name) {
        return LIST.getOrDefault(name.getDomain() + ":" + name.getKeyProperty("type"), Listed.NOTHING);
    }

    static boolean knows(ObjectName name) {
        return of(name) != Listed.NOTHING;
    }
}
