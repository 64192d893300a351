// SPDX-License-Identifier: Apache-2.0
package tagwatch.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import tagwatch.report.Check.State;
import tagwatch.report.Judgement.Readiness;

class JudgeTest {
  private static Rehearsed.Recording normalWith(float highest) {
    return Recordings.named("later.twr").peak("/srv/busybox", highest).recording();
  }

  private static Reports withNormal(Rehearsed.Recording recording) {
    return Reports.ready().without(Role.NORMAL).with(Role.NORMAL, recording);
  }

  @Test
  void shouldLetAModelEnforceThatLacksNothing() {
    Judgement judgement = Reports.ready().judgement();

    assertThat(judgement.readiness()).isEqualTo(Readiness.READY);
    assertThat(judgement.headline()).isEqualTo("Ready to enforce");
    assertThat(judgement.summary())
        .contains("None of 900 normal processes", "fewer than 1 process in 300")
        .contains("noticed at event 51 of process 4000 (dash)", "6.0 times the threshold");
    assertThat(judgement.checks()).extracting(Check::state).containsOnly(State.MET);
    assertThat(judgement.missing()).isEmpty();
  }

  @Test
  void shouldAskForHeldOutNormalUse() {
    Reports reports =
        Reports.ready()
            .without(Role.NORMAL)
            .telling("heldOut.parts", "1950")
            .telling("heldOut.above", "1");

    assertThat(reports.check("false-alarms").answer())
        .endsWith("1 of 1950 parts that were held out rose above the threshold.");
    assertThat(reports.judgement().readiness()).isEqualTo(Readiness.NOT_YET);
    assertThat(reports.check("false-alarms").state()).isEqualTo(State.MISSING);
    assertThat(reports.judgement().missing()).anyMatch(it -> it.contains("--normal"));
    assertThat(reports.asks("margin")).isFalse();
    assertThat(reports.asks("coverage")).isFalse();
  }

  @Test
  void shouldNotTakeTrainingDataForHeldOutData() {
    Reports trainedOnly =
        Reports.ready().without(Role.NORMAL).with(Role.TRAINING, Recordings.normal("training.twr"));
    Reports sameName = withNormal(Recordings.normal("training.twr"));

    assertThat(trainedOnly.check("false-alarms").state()).isEqualTo(State.MISSING);
    assertThat(sameName.judgement().readiness()).isEqualTo(Readiness.NOT_YET);
    assertThat(sameName.check("held-out").answer()).contains("training.twr");
  }

  @Test
  void shouldRefuseAModelThatStopsNormalProcesses() {
    Reports reports = withNormal(normalWith(1.6f));

    assertThat(reports.judgement().readiness()).isEqualTo(Readiness.NO);
    assertThat(reports.check("false-alarms").state()).isEqualTo(State.FAILED);
    assertThat(reports.check("false-alarms").answer())
        .isEqualTo("1 of 900 normal processes (0.1 %) would have been stopped.");
  }

  @Test
  void shouldNotTrustTooLittleNormalUse() {
    Reports few =
        withNormal(Recordings.named("later.twr").size(900, 20).peak("/x", 0.5f).recording());
    Reports longLived =
        withNormal(Recordings.named("later.twr").size(100_000, 1).peak("/x", 0.5f).recording());

    assertThat(few.judgement().readiness()).isEqualTo(Readiness.NOT_YET);
    assertThat(few.check("false-alarms").answer()).contains("as many as 15 % could still be");
    assertThat(longLived.judgement().readiness()).isEqualTo(Readiness.READY);
  }

  @Test
  void shouldAskForAnAttackAndRefuseAModelThatMissesIt() {
    Reports without = Reports.ready().without(Role.ATTACK);
    Reports missed =
        without.with(
            Role.ATTACK,
            Recordings.named("quiet.twr").size(99, 2).peak("/bin/sh", 1.2f).recording());

    assertThat(Reports.ready().without(Role.ATTACK).check("attack").state())
        .isEqualTo(State.MISSING);
    assertThat(missed.judgement().readiness()).isEqualTo(Readiness.NO);
    assertThat(missed.check("attack").answer())
        .contains("quiet.twr is not noticed", "1.20", "threshold of 1.50");
  }

  @Test
  void shouldCountAnAttackAsMissedIfOnlyOneOfTwoIsNoticed() {
    Reports reports =
        Reports.ready()
            .with(Role.ATTACK, Recordings.named("quiet.twr").peak("/bin/sh", 1f).recording());

    assertThat(reports.check("attack").state()).isEqualTo(State.FAILED);
  }

  @Test
  void shouldWarnWhenNormalUseComesCloseToTheThreshold() {
    Reports reports = withNormal(normalWith(1.3f));

    assertThat(reports.check("margin").state()).isEqualTo(State.NOTE);
    assertThat(reports.check("margin").answer()).contains("87 % of the threshold");
    assertThat(reports.judgement().readiness()).as("a note only").isEqualTo(Readiness.READY);
  }

  @Test
  void shouldAskForALongerTrainingWhileItBringsNewNgrams() {
    Reports reports = Reports.ready().telling("novelty", "30,9,9,9,9,9,9,9,1,2.5");
    Reports unknown = Reports.ready().silentAbout("novelty");

    assertThat(reports.judgement().readiness()).isEqualTo(Readiness.NOT_YET);
    assertThat(reports.check("saturation").answer()).contains("2.5 new n-grams");
    assertThat(unknown.check("saturation").state()).isEqualTo(State.NOTE);
  }

  @Test
  void shouldNameTheEventsThatTrainingLacks() {
    Rehearsed.Recording some =
        Recordings.named("later.twr").peak("/x", 0.5f).unknown("x86_64/uname", 2).recording();
    Rehearsed.Recording many =
        Recordings.named("later.twr").peak("/x", 0.5f).unknown("x86_64/uname", 99).recording();

    assertThat(withNormal(some).check("coverage").state()).isEqualTo(State.NOTE);
    assertThat(withNormal(many).check("coverage").state()).isEqualTo(State.MISSING);
    assertThat(withNormal(many).judgement().missing()).anyMatch(it -> it.contains("x86_64/uname"));
  }

  @Test
  void shouldPointAtAProcessThatSetsTheThresholdAlone() {
    Reports reports =
        Reports.ready()
            .with(
                Role.TRAINING,
                Recordings.named("training.twr").peak("/odd", 4f).peak("/usual", 1f).recording());

    assertThat(reports.check("threshold-setter").answer()).contains("4.00", "4.0 times the next");
    assertThat(reports.judgement().readiness()).isEqualTo(Readiness.NOT_YET);
  }

  @Test
  void shouldNotJudgeAnotherBuildOfTheProgram() {
    Reports reports =
        withNormal(Recordings.named("later.twr").peak("/x", 0.5f).ofBuild("beef").recording());

    assertThat(reports.check("build").answer()).contains("beef");
    assertThat(reports.judgement().readiness()).isEqualTo(Readiness.NOT_YET);
  }

  @Test
  void shouldSayWhatWasNotRecorded() {
    Reports reports =
        withNormal(Recordings.named("later.twr").peak("/x", 0.5f).tornWithGaps(3).recording());

    assertThat(reports.check("whole").state()).isEqualTo(State.NOTE);
    assertThat(reports.check("whole").answer()).contains("was cut short", "3 gaps");
  }

  @Test
  void shouldReadTheLossCurve() {
    Reports stopped = Reports.ready().telling("loss.heldOut", "0.9, 0.5, 0.4, 0.45");
    Reports improving = Reports.ready().telling("loss.heldOut", "0.9,0.5,0.4");

    assertThat(stopped.check("loss").state()).isEqualTo(State.MET);
    assertThat(stopped.check("loss").answer()).contains("0.40 nats", "epoch 3 of 4");
    assertThat(improving.check("loss").state()).isEqualTo(State.NOTE);
    assertThat(Reports.ready().asks("loss")).isFalse();
    assertThat(Reports.ready().telling("loss.heldOut", "0.9,NaN").asks("loss")).isFalse();
    assertThat(Reports.ready().telling("loss.heldOut", "0.9,x").report().loss().known()).isFalse();
  }
}
