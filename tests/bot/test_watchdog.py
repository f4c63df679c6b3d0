"""The watchdog on a clock of the test's own: patience, one alert, help, giving up; and a clock that is set."""

import threading

import pytest

from bot.watchdog import ClockWatch, Watchdog


class Socket:
    """A web socket that is up or down as told, and counts who asks it to connect."""

    def __init__(self) -> None:
        self.up = True
        self.asked = threading.Semaphore(0)

    def is_connected(self) -> bool:
        return self.up

    def connect_to_new_endpoint(self, force: bool = False) -> None:
        self.asked.release()
        raise OSError


class Bench:
    """A watchdog with patience 60 and limit 300, and its time."""

    def __init__(self) -> None:
        self.time, self.given_up, self.socket = 0.0, 0, Socket()
        self.dog = Watchdog(self.socket, 60, 300, self.give_up, lambda: self.time)

    def give_up(self) -> None:
        self.given_up += 1

    def at(self, time: float) -> "Bench":
        self.time = time
        self.dog.look()
        return self


def alerts(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [str(getattr(r, "code", "")) for r in caplog.records if r.name == "kakunin.alert"]


def test_before_the_first_connection_it_is_not_connected() -> None:
    bench = Bench()
    bench.socket.up = False
    assert not bench.at(1).dog.connected
    bench.socket.up = True
    assert bench.at(2).dog.connected


def test_a_short_loss_is_nothing(caplog: pytest.LogCaptureFixture) -> None:
    bench = Bench().at(0)
    bench.socket.up = False
    assert bench.at(59).dog.connected
    bench.socket.up = True
    assert bench.at(61).dog.connected
    assert alerts(caplog) == []


def test_a_long_loss_is_told_once_and_helped_and_its_end_is_told(caplog: pytest.LogCaptureFixture) -> None:
    bench = Bench().at(0)
    bench.socket.up = False
    assert not bench.at(60).dog.connected
    bench.at(61).at(62)
    assert alerts(caplog) == ["socket_disconnected"]
    assert bench.socket.asked.acquire(timeout=30)
    bench.socket.up = True
    assert bench.at(100).dog.connected
    assert caplog.messages[-1] == "Socket Mode is connected again"
    assert bench.given_up == 0


def test_at_the_limit_it_gives_up() -> None:
    bench = Bench().at(10)
    bench.socket.up = False
    assert bench.at(309).given_up == 0
    assert bench.at(310).given_up == 1


def test_a_clock_that_is_set_is_told_once(caplog: pytest.LogCaptureFixture) -> None:
    wall, steady = [1000.0], [0.0]
    watch = ClockWatch(lambda: wall[0], lambda: steady[0])
    for step in (0, 0.5, 3600, 0, -3600, 0):
        steady[0] += 1
        wall[0] += 1 + step
        watch.look()
    assert caplog.messages == ["the clock was set by +3600 s", "the clock was set by -3600 s"]
    assert alerts(caplog) == ["clock_step", "clock_step"]
