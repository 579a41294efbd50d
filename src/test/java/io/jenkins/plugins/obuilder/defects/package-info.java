/**
 * What OBuilder does wrong, and for each the test that would fail if this did so, too. {@code DefectsListTest} sees to it that they are there.
 *
 * <p>Silent wrong results:
 *
 * <ul>
 *   <li>after a kill a step goes on in its half-done tree (xfs, rsync): {@code defects.WholeTreesTest#aStepThatWasKilledStartsAnewAndNotInItsHalfDoneTree}
 *   <li>after a kill an import cannot begin again: {@code defects.WholeTreesTest#anImportThatWasKilledStartsAnew}
 *   <li>and a container of docker's stays: {@code cli.DockerImageRunTest#anImageThatTheDaemonHasKeepsCapabilitiesAndEnvironment}
 *   <li>a copy out of a nested build sees its last step alone: {@code defects.WrongResultsTest#copyOutOfANestedBuildSeesAllItsSteps}
 *   <li>old contents of a cache's directory come back: {@code defects.WrongResultsTest#aCacheDirectoryThatWasMadeAnewIsEmpty}
 *   <li>{@code chmod +x} does not invalidate a copy: {@code defects.WrongResultsTest#chmodOfASourceInvalidatesItsCopy}
 *   <li>a tag that has moved is not noticed: {@code defects.WrongResultsTest#aBaseWhoseTagHasMovedIsNoticed}
 *   <li>capabilities and attributes are lost: {@code defects.WholeTreesTest#capabilitiesAndAttributesArriveAndStay}
 * </ul>
 *
 * <p>Limits and crashes:
 *
 * <ul>
 *   <li>overlayfs fails after 42 steps: {@code defects.LimitsTest#aBuildOfThreeHundredSteps}
 *   <li>SIGPIPE when an image's tar ends early: {@code defects.LimitsTest#aCopyIntoAnImageWhoseTarEndsEarly}
 *   <li>a full disk is a raw ENOSPC: {@code defects.FullDiskTest#aStepThatFillsIt}
 *   <li>and on btrfs SIGBUS afterwards: {@code defects.FullDiskTest#fullFromTheBeginning}, {@code
 *       store.CrashContract#aDiskThatFillsUpCostsTheStepAlone}
 *   <li>BusyBox' tar makes files of directories: {@code defects.LimitsTest#aDirectoryCopiedIntoAnImageWithBusyBox}
 * </ul>
 *
 * <p>Several processes:
 *
 * <ul>
 *   <li>a second one kills what the first has going: {@code defects.SeveralProcessesTest#aSecondProcessLeavesTheFirstOnesWorkAlone}
 *   <li>containers of two stores collide, and the log tells of it: {@code
 *       defects.SeveralProcessesTest#containersOfTwoStoresHaveNamesOfTheirOwnAndNothingOfThemIsLogged}
 * </ul>
 *
 * <p>Signals and secrets:
 *
 * <ul>
 *   <li>after INT and TERM containers run on and mounts stay: {@code defects.SignalsTest#aSignalEndsEverything}
 *   <li>after KILL: {@code defects.SignalsTest#whatAKilledProcessLeftIsEndedByTheNext}
 *   <li>secrets stay on the disk: {@code defects.SecretsTest#afterASignal}, {@code
 *       defects.SecretsTest#whileItRunsAndAfterItWasKilled}
 * </ul>
 *
 * <p>Database:
 *
 * <ul>
 *   <li>a result without a row is never pruned: {@code store.PruneContract#prunesResultsWithoutARowAfterWhatWasBuiltOnThem}
 *   <li>rebuilding a lost result pins its parent: {@code defects.ErrorsTest#aLostResultThatIsBuiltAgainDoesNotPinItsParent}
 * </ul>
 *
 * <p>Errors:
 *
 * <ul>
 *   <li>a mistake in a spec is an uncaught exception: {@code defects.ErrorsTest#aMistakeInASpecIsToldWithItsPlaceAndNothingIsRun}
 *   <li>so is a store that is missing: {@code defects.ErrorsTest#aStoreThatCannotBeIsToldInAFewWords}
 *   <li>and rsync without a mode: {@code defects.ErrorsTest#rsyncNeedsNoMode}
 *   <li>a user's fields must have one order: {@code defects.ErrorsTest#theFieldsOfAUserMayComeInAnyOrder}
 *   <li>an unknown network is found late: {@code defects.ErrorsTest#anUnknownNetworkIsToldBeforeAnythingRuns}
 *   <li>a failed fetch is {@code Failure("…")}: {@code defects.ErrorsTest#aFailedFetchTellsWhatFailedAndWhere}
 * </ul>
 *
 * <p>macOS:
 *
 * <ul>
 *   <li>the network field is ignored: {@code macos.MacStepTest#theNetworkIsOffUnlessAskedFor}
 *   <li>the user is made once and stays: {@code macos.DefectsTest#anAccountIsMadeForItsStepAndDeletedWithIt}
 *   <li>one step at a time on a machine: {@code macos.ConcurrencyTest#fourAccountsWorkAtTheSameTime}
 *   <li>killing what multiplies has no end: {@code macos.UnkillableTest#itsNumberIsNotUsedUntilItHasGone}, {@code
 *       macos.UnkillableTest#aStepThatLeavesOneHasFailedAndSaysSo}
 *   <li>the group and the store are written into the code: {@code macos.DefectsTest#neitherTheGroupNorTheStoreIsWrittenIntoTheCode}
 * </ul>
 */
package io.jenkins.plugins.obuilder.defects;
