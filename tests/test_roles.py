from itertools import pairwise
from typing import Any

import pytest

from transcription.speech.role_cues import CUES, parse_cues
from transcription.speech.roles import LABELS, Priors, Tally, decide_roles
from transcription.speech.types import Speaker, Turn, Word

CALLS = {
    "electricity": """
        A: Brightwater Energy, good morning, Lucy speaking, how can I help?
        C: Hi, um, our power's been off since about six and I just wondered if you know when it's coming back.
        A: Sorry about that. What's your postcode?""",
    "water leak": """
        A: thanks for calling severn valley water you're through to marcus
        C: yeah hi there's water coming up through the pavement outside my house
        A: okay bear with me while i raise that for you""",
    "dental clinic": """
        A: Good afternoon, Smile Dental, how may I direct your call?
        C: I need to reschedule my cleaning on Friday, something came up.
        A: No problem. And your name please? Okay, we have next Tuesday at two.""",
    "clinic reminder, outbound": """
        C: Hello?
        A: Hi, is this Mrs. Alvarez? This is Kim calling from Lakeside Family Medicine.
        C: Yes, speaking.
        A: I'm just calling to remind you about your appointment tomorrow at nine.
        C: Oh right, thanks, I'll be there.""",
    "car insurance claim": """
        C: Hi, I was rear ended this morning and I need to open a claim.
        A: Oh no, I'm sorry to hear that. Is everyone okay? Can I get your policy number?
        C: Let me find it, hold on. It's on my phone somewhere.""",
    "home insurance quote": """
        A: Hello and welcome to Oakline Insurance, this call may be recorded. My name is Femi.
        C: Hi Femi, I'm looking for a quote, we just bought a place.
        A: Lovely, congratulations. What's the address of the property?""",
    "shoe shop": """
        C: Hello, I bought some boots on your website and they're two sizes too small.
        A: Okay, do you have the order number there?
        C: It's eight eight one two.
        A: I've sent you a returns label by email.""",
    "department store stock": """
        A: Housewares, this is Greg.
        C: Hey Greg, do you guys carry the twelve cup food processor?
        A: Let me check for you. Yes, we have three left.
        C: Great, can you hold one for me?""",
    "airline baggage": """
        C: My suitcase didn't come out in Lisbon and nobody at the desk could tell me where it is.
        A: I apologize for that. Could you give me the tag number on your receipt?
        C: Zero four seven.
        A: It looks like it's still in Frankfurt. We'll deliver it to your hotel.""",
    "travel agent, outbound": """
        C: Yes, hello.
        A: Good morning, this is Pierre from Horizon Travel. I'm following up on the quote I sent you.
        C: Oh yeah. We're still thinking about it, it's kind of expensive.
        A: I understand. Would you like me to look at other dates?""",
    "car dealer sales": """
        A: Westgate Motors sales department, this is Tony.
        C: Hi Tony, I saw your ad for the used Civic, is it still available?
        A: It is. Would you like to come in for a test drive?
        C: Maybe Saturday. How much is it out the door?""",
    "car dealer service": """
        C: Hi, uh, my truck is making a grinding noise when I brake.
        A: We can get you in tomorrow morning. What year is it?
        C: Two thousand fourteen.
        A: And what's a good phone number for you?""",
    "car dealer, outbound": """
        C: Hello.
        A: Hi, may I speak with Deborah, please?
        C: This is she.
        A: Hi Deborah, it's Sam over at Northside Toyota. You were in last week looking at the Highlander.
        C: Oh, yeah, we went with something else.
        A: No worries. Thanks for letting us know.""",
    "password reset": """
        A: IT service desk, this is Priya.
        C: Hey, I'm locked out of my laptop again.
        A: Okay, what's your employee ID?
        C: Four four one nine.
        A: I'm going to reset it and you'll get a temporary password.""",
    "printer": """
        C: hey the printer on the third floor isn't working it just says offline
        A: have you tried turning it off and on again
        C: yeah twice
        A: okay i'll log a ticket and send someone up""",
    "vpn callback, outbound": """
        C: Hello, Martin here.
        A: Hi Martin, it's the help desk, I'm calling you back about your ticket, the VPN one. Is now a good time?
        C: Sure, go ahead.
        A: Can you open the settings for me and click on network?""",
    "restaurant table": """
        A: Good evening, Trattoria Lucia.
        C: Hi, do you have a table for four at eight tonight?
        A: Let me see. We could do eight fifteen. What name is it under?
        C: Jensen.""",
    "pizza": """
        A: Tony's Pizza, pickup or delivery?
        C: Delivery. Can I get a large pepperoni and, um, some garlic knots?
        A: Sure, your address? That comes to twenty six fifty.
        C: How long is it gonna be?""",
    "credit card fraud": """
        A: Thank you for holding, this is the fraud department. For security, can you verify your date of birth?
        C: Sure, May second, eighty one. There's a charge I didn't make.
        A: I see it. I'll go ahead and block the card.""",
    "mortgage": """
        C: I want to know what my rate would be if I refinance.
        A: I'd be happy to go over that. May I have the last four of your social?""",
    "debt collection, outbound": """
        C: Hello?
        A: Hello, am I speaking with Mr. Novak? I'm calling on behalf of Crest Recovery. This call is recorded.
        C: How did you get my number?
        A: It's regarding your account with the gym.""",
    "survey, outbound": """
        C: Hello, who's this?
        A: Hi, my name is Rachel with Pulse Research. Do you have a few minutes for a short survey?
        C: Not interested, take me off your list.
        A: I understand, have a nice evening.""",
    "parcel courier": """
        C: It says my parcel was delivered but it's not here.
        A: Let me look into that. What is the tracking number?
        C: J D zero one.
        A: Okay I can see the driver left it with a neighbour.""",
    "broadband, mid-call": """
        A: and which lights are on
        C: just the one the red one
        A: okay i'm going to send an engineer out you'll receive a text
        C: i've been without internet for a week this is a joke""",
    "pharmacy": """
        C: Hi, I'm calling to see if my prescription is ready.
        A: Sure, date of birth?
        C: Six eleven seventy.
        A: It'll be ready after four. Anything else for you?
        C: No, that's it.""",
    "vet": """
        A: Paws and Claws veterinary hospital, can you hold please?
        C: Sure.
        A: Thanks for waiting.
        C: My dog ate some chocolate, I don't know what to do.""",
    "hotel complaint": """
        C: The air conditioning in our room is broken and we've had no sleep.
        A: I do apologise, madam. I can offer you a different room.
        C: I'd rather have my money back.""",
    "gym cancellation": """
        C: Yeah, I want to cancel my membership.
        A: I'm sorry to see you go. May I ask the reason?
        C: I moved.
        A: Okay, I've cancelled it. You won't be charged again.""",
    "plumber": """
        A: Rapid Plumbing, what can we do for you?
        C: The toilet's overflowing, can you send someone right now?
        A: We can have a guy there in an hour.""",
    "tax office": """
        C: I received a letter from you and I don't understand it.
        A: Okay, I can take a look. Have you got the reference on the top right?
        C: Yeah, it's P Y nine.
        A: That's just a reminder. Is there anything else I can do?""",
    "software sales, outbound": """
        C: This is Alan.
        A: Hey Alan, this is Josh with Cloudpeak. How have you been?
        C: Good, what's this about?
        A: The reason for my call is you downloaded our white paper.
        C: I'm in a meeting, can you email me?""",
    "school office": """
        A: Maple Street School, Mrs. Hart speaking.
        C: Hi, my son is sick today so he won't be in.
        A: Thanks for letting us know. What class is he in?""",
    "removal company": """
        A: Easy Move, how can I help you?
        C: How much would it cost to move a two bedroom flat?
        A: What date were you thinking?""",
    "solar, outbound": """
        A: Hi there, I'm calling from Sunpath, we're offering free roof surveys in your area.
        C: How did you get this number?
        A: We got it from the public register, sir.""",
    "noisy text": """
        A: thank you for you calling the county credit onion how i can help
        C: yeah uh i uh my card it got decline at the the store
        A: okay let me me pull that up can i get you account number""",
    "tenant": """
        C: Hi, this is Dana from apartment 4B. My heating isn't working.
        A: Okay, Dana, I'll send the maintenance guy over. Are you home this afternoon?
        C: Yes. What time will he come?""",
    "heating": """
        C: Hey there. Our furnace quit overnight and it's freezing.
        A: Oh no. Is it making any noise?
        C: Nope, nothing.
        A: We've got a tech free at noon, does that work?""",
    "eye clinic": """
        A: Clearview Optical.
        C: Are my glasses in yet?
        A: What's the last name?
        C: Petrov.
        A: Yep, they came in this morning.""",
    "travel insurance": """
        C: Hi there, I broke my wrist skiing and the hospital wants me to pay up front.
        A: Right, okay. First of all are you safe? Do you have your certificate to hand?
        C: Somewhere, yeah.""",
    "meter reading": """
        A: Hi, you're through to the meter team, who's calling please?
        C: It's Joan. The fella never turned up.
        A: Ah I'm sorry Joan, let me find out what happened.""",
    "recruiter, outbound": """
        C: Hello?
        A: Hi, is that Stephen? It's Mel from Brookfield Staffing, have you got two minutes?
        C: Yeah go on.
        A: I saw your CV and I've got a warehouse role.""",
    "bank, outbound": """
        C: Yeah?
        A: Good afternoon, I'm calling from First County Bank about a transaction on your debit card.
        C: What transaction?
        A: Before I continue I need to verify who you are.""",
    "takeaway": """
        A: Golden Wok.
        C: Yeah can I do two orders of lo mein and an egg roll.
        A: Name?
        C: Rick.
        A: Fifteen minutes.""",
    "cinema": """
        C: What time's the late show on Friday?
        A: Nine forty.
        C: And is there parking?
        A: There's a garage next door, we validate.""",
    "hairdresser": """
        A: Studio Nine, Becca speaking.
        C: Hi Becca, it's Joanne, I'm running about ten minutes late.
        A: That's fine, see you soon.""",
    "laptop, mid-call": """
        A: so when you plug it in does the light come on
        C: no nothing
        A: right in that case it's most likely the adapter i'll get a new one sent out
        C: how long's that going to take i've got a deadline""",
    "returns": """
        C: so basically the jacket came with a hole in it
        A: oh that's not great have you got the receipt
        C: yeah
        A: we can swap it or give you your money back whichever you prefer""",
    "patient portal": """
        C: I keep getting an error when I sign in to the portal.
        A: What does the error say?
        C: Invalid credentials.
        A: Go ahead and click forgot password for me.""",
    "car dealer finance": """
        A: Finance department, this is Carla.
        C: Hi Carla, I'm trying to find out my payoff amount.
        A: Sure, can you give me the last eight of the VIN?""",
    "airline cancellation": """
        C: Your airline cancelled on us twice and we're stuck in Denver with two kids.
        A: I'm really sorry ma'am. The next flight with seats is tomorrow at six.
        C: Tomorrow? Are you kidding me?""",
    "charity, outbound": """
        C: Hello, Peter speaking.
        A: Hi Peter, I'm Zoe and I'm ringing from Ocean Rescue to thank you for your donation last year.
        C: Oh, you're welcome.
        A: Would you consider a monthly gift?""",
    "electricity, mid-call": """
        C: well it's double what it was last winter
        A: okay and is it just the two of you in the property
        C: yeah
        A: because on here it's showing an estimated reading""",
    "noisy transit text": """
        A: thanks calling metro transit this is jay
        C: hi i left a umbrella on the the forty two bus
        A: what day was that
        C: like yesterday around five""",
    "test results, outbound": """
        A: Hi, could I speak to Nadia please?
        C: This is Nadia.
        A: Hi Nadia, I'm a nurse from Dr. Cole's office, I have your results.
        C: Oh, okay, is it bad?""",
    "hotel rooms": """
        A: Reservations, how can I make your day?
        C: Do you have any rooms with a sea view the second week of May?
        A: I've one left, it's two ten a night.""",
    "washing machine": """
        C: The washing machine in the unit is leaking again.
        A: Okay I'll get maintenance to come by. What's your unit number?
        C: Twelve C.""",
}


def make_turns(script: str, labels: dict[str, str]) -> tuple[Turn, ...]:
    """Turns of lines like "A: hello", half a second a word."""
    turns, clock = [], 0.0
    for line in script.strip().splitlines():
        who, text = line.strip().split(": ", 1)
        words = []
        for word in text.split():
            words.append(Word(word, clock, clock + 0.4, 0.9, "attention"))
            clock += 0.5
        turns.append(Turn(labels[who], words[0].start, words[-1].end, tuple(words)))
    return tuple(turns)


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize(("agent", "customer"), [("Speaker 1", "Speaker 2"), ("Speaker 2", "Speaker 1")])
def test_the_words_tell_who_is_the_agent(name: str, agent: str, customer: str) -> None:
    turns = make_turns(CALLS[name], {"A": agent, "C": customer})
    roles = {speaker.label: speaker.role for speaker in decide_roles(turns, layout="mono")}
    assert roles == {agent: "agent", customer: "customer"}


def test_confidence_is_high_for_most_calls() -> None:
    confidences = [
        decide_roles(make_turns(script, {"A": "A", "C": "C"}), layout="mono")[0].role_confidence or 0
        for script in CALLS.values()
    ]
    assert sum(confidence >= 0.7 for confidence in confidences) >= 0.9 * len(CALLS)
    assert max(confidences) <= 0.98


TWO = {"A": "Speaker 1", "C": "Speaker 2"}


def by_label(speakers: tuple[Speaker, ...]) -> dict[str, Speaker]:
    return {speaker.label: speaker for speaker in speakers}


def test_evidence_quotes_the_phrase_and_its_time() -> None:
    turns = make_turns("C: one two three four\nA: um, thank you for, um, calling the shop", TWO)
    agent, _ = decide_roles(turns, layout="mono")
    assert agent.evidence[0] == 'said "thank you for calling" at 0:02'


def test_evidence_against_the_role_is_not_listed_and_the_other_party_speaks_for_a_silent_one() -> None:
    customer = decide_roles(make_turns("C: fine\nA: how can I help you", TWO), layout="mono")[1]
    assert customer.role == "customer"
    assert customer.evidence == ('the other party said "how can i help" at 0:00',)


def test_order_alone_is_weak_evidence() -> None:
    first, second = decide_roles(make_turns("A: blue skies\nC: green fields", TWO), layout="mono")
    assert (first.role, second.role) == ("agent", "customer")
    assert first.evidence == ("spoke first",)
    assert second.evidence == ("the other party spoke first",)
    assert first.role_confidence == second.role_confidence == 0.57


def test_a_bare_hello_is_a_customer_answering() -> None:
    first, second = decide_roles(
        make_turns("C: Hello?\nA: blue skies", {"C": "Speaker 1", "A": "Speaker 2"}), layout="mono"
    )
    assert (first.role, second.role) == ("customer", "agent")
    assert first.evidence == ('answered with only "hello"',)


@pytest.mark.parametrize(
    ("channel_map", "labels", "side"),
    [("agent_left", ("agent", "customer"), "left"), ("agent_right", ("customer", "agent"), "right")],
)
def test_the_channel_map_and_the_words_agree(channel_map: Any, labels: tuple[str, str], side: str) -> None:
    turns = make_turns("agent: how can I help you\ncustomer: my order is late", dict(zip(labels, LABELS, strict=True)))
    speakers = decide_roles(turns, layout="stereo", channel_map=channel_map)
    assert tuple(speaker.role for speaker in speakers) == labels
    assert {speaker.role_confidence for speaker in speakers} == {0.99}
    assert {speaker.evidence[0] for speaker in speakers} == {f"the source says the agent is on the {side} channel"}


def test_words_that_contradict_the_channel_map_ask_for_a_person() -> None:
    turns = make_turns("A: how can I help you\nC: my order is late", TWO)
    customer, agent = decide_roles(turns, layout="stereo", channel_map="agent_right")
    assert (customer.role, agent.role) == ("customer", "agent")
    assert customer.role_confidence == agent.role_confidence == 0.53
    assert customer.evidence == (
        "the source says the agent is on the right channel",
        'against it: said "how can i help" at 0:00',
        "against it: spoke first",
    )
    assert agent.evidence == (
        "the source says the agent is on the right channel",
        'against it: said "my order" at 0:02',
    )


def test_the_channel_map_decides_where_words_say_little() -> None:
    speakers = decide_roles(make_turns("A: blue skies\nC: my order", TWO), layout="stereo", channel_map="agent_right")
    assert [(speaker.role, speaker.role_confidence) for speaker in speakers] == [("customer", 0.87), ("agent", 0.87)]


def test_the_right_channel_alone_is_the_customer_of_an_agent_on_the_left() -> None:
    turns = make_turns("C: hello is anybody there", {"C": "Speaker 2"})
    (customer,) = decide_roles(turns, layout="stereo", channel_map="agent_left")
    assert (customer.label, customer.role, customer.role_confidence) == ("Speaker 2", "customer", 0.95)


@pytest.mark.parametrize(
    ("tally", "roles", "confidence", "evidence"),
    [
        (Tally(9, 9), ("agent", "customer"), 0.93, "left channel in 9 of 9"),
        (Tally(0, 50), ("customer", "agent"), 0.96, "right channel in 50 of 50"),
        (Tally(1, 4), ("customer", "agent"), 0.6, "right channel in 3 of 4"),
        (Tally(2, 2), ("agent", "customer"), 0.57, "spoke first"),
    ],
)
def test_confirmed_calls_of_the_source_tell_the_channels(
    tally: Tally, roles: tuple[str, str], confidence: float, evidence: str
) -> None:
    turns = make_turns("A: blue skies\nC: green fields", TWO)
    speakers = decide_roles(turns, layout="stereo", priors=Priors(agent_left=tally))
    assert tuple(speaker.role for speaker in speakers) == roles
    assert speakers[0].role_confidence == confidence
    assert evidence in speakers[0].evidence[0]


def test_confirmed_calls_say_nothing_about_channels_of_mixed_calls() -> None:
    turns = make_turns("A: blue skies\nC: green fields", TWO)
    assert decide_roles(turns, layout="mono", priors=Priors(agent_left=Tally(0, 50)))[0].evidence == ("spoke first",)


@pytest.mark.parametrize(
    ("priors", "role", "confidence", "evidence"),
    [
        (
            Priors(agent_first=Tally(9, 9)),
            "agent",
            0.77,
            "spoke first, as the agent did in 9 of 9 confirmed calls of this source",
        ),
        (
            Priors("inbound", agent_first=Tally(1, 9)),
            "customer",
            0.71,
            "spoke first, as the customer did in 8 of 9 confirmed calls of this source",
        ),
        (Priors("inbound", agent_first=Tally(0, 2)), "agent", 0.65, "spoke first in an inbound call"),
        (Priors("outbound"), "customer", 0.65, "spoke first in an outbound call"),
        (Priors("internal"), "agent", 0.57, "spoke first"),
    ],
)
def test_what_speaking_first_means(priors: Priors, role: str, confidence: float, evidence: str) -> None:
    first, _ = decide_roles(make_turns("A: blue skies\nC: green fields", TWO), layout="mono", priors=priors)
    assert (first.role, first.role_confidence, first.evidence) == (role, confidence, (evidence,))


@pytest.mark.parametrize("layout", ["mono", "dual_mono"])
def test_a_channel_map_says_nothing_about_mixed_calls(layout: str) -> None:
    turns = make_turns("C: my order is late\nA: how can I help you", {"C": "Speaker 1", "A": "Speaker 2"})
    speakers = decide_roles(turns, layout=layout, channel_map="agent_left")
    assert [speaker.role for speaker in speakers] == ["customer", "agent"]


def test_the_agents_own_name_in_the_first_person() -> None:
    script = "C: blue skies\nA: it's Dana\nC: thanks Dana"
    plain = by_label(decide_roles(make_turns(script, TWO), layout="mono"))
    named = by_label(decide_roles(make_turns(script, TWO), layout="mono", agent_name="Dana Smith"))
    assert plain["Speaker 2"].role == "agent"
    assert named["Speaker 1"].role == "agent"
    assert named["Speaker 1"].role_confidence > 0.9
    assert named["Speaker 2"].evidence == ('said "thanks dana" at 0:02',)


def test_the_company_is_named_in_the_agents_opening() -> None:
    script = "C: blue skies\nA: Harbor Telecom it's a lovely day"
    speakers = by_label(decide_roles(make_turns(script, TWO), layout="mono", company_words=["Harbor Telecom"]))
    assert speakers["Speaker 1"].role == "agent"
    assert speakers["Speaker 1"].evidence == ('opened with the company\'s name, said "harbor telecom" at 0:01',)


def test_one_party_alone_is_never_certain() -> None:
    script = "A: Hi this is Kim calling from Lakeside Medicine to remind you of your appointment, have a great day"
    (speaker,) = decide_roles(make_turns(script, TWO), layout="mono")
    assert speaker.role == "agent"
    assert speaker.role_confidence == 0.65


@pytest.mark.parametrize(
    ("greeting", "role"),
    [
        ("Hi, you have reached the voice mail of Jim Bell. I can't come to the phone, leave me a message.", "customer"),
        ("You have reached my voicemail. Please leave a message after the tone, and I will call you back.", "customer"),
        ("You've reached my mailbox. Please leave a message after the beep and I'll call you back.", "customer"),
        ("Thank you for calling Oakline Insurance. Please leave a message after the tone.", "agent"),
    ],
)
def test_a_voicemail_belongs_to_who_was_called(greeting: str, role: str) -> None:
    (speaker,) = decide_roles(make_turns(f"A: {greeting}", TWO), layout="mono")
    assert speaker.role == role


def test_one_party_without_evidence_has_no_role() -> None:
    assert decide_roles(make_turns("A: blue skies", TWO), layout="mono") == (Speaker("Speaker 1"),)


def test_nobody_speaks() -> None:
    assert decide_roles((), layout="mono") == ()


def test_a_third_voice_has_no_role() -> None:
    script = "A: how can I help you today\nC: my order is late again\nX: oops"
    speakers = decide_roles(make_turns(script, {**TWO, "X": "Speaker 3"}), layout="mono")
    assert [speaker.role for speaker in speakers] == ["agent", "customer", None]


def test_saying_it_again_strengthens_up_to_double() -> None:
    confidences = [
        decide_roles(make_turns("A: blue\n" + "C: my order my bill my card\n" * times, TWO), layout="mono")[
            0
        ].role_confidence
        for times in (1, 2, 50)
    ]
    assert all(earlier <= later for earlier, later in pairwise(confidences))
    assert confidences[-1] < 0.98


def test_shipped_cues_speak_for_both_roles() -> None:
    assert any(cue.weight > 0 for cue in CUES)
    assert any(cue.weight < 0 for cue in CUES)


def test_cues_expand_names_and_refuse_other_headings() -> None:
    (cue,) = parse_cues("# a note\n[<pet>]\ncat|dog\n\n[customer 1.5]\nmy <pet>\nour <pet>\n")
    assert cue.weight == -1.5
    assert cue.pattern.search("and our dog barks")
    assert not cue.pattern.search("our dogma")
    with pytest.raises(ValueError, match="nurse"):
        parse_cues("[nurse 1]\nhello")


@pytest.mark.parametrize(
    ("direction", "agent"), [("inbound", "Speaker 1"), ("outbound", "Speaker 2"), ("", "Speaker 1")]
)
def test_who_answers_as_a_business_is_the_agent_unless_called(direction: str, agent: str) -> None:
    script = "A: Kessler Woodworking, how can I help?\nC: Hi, this is Anna from Acme"
    speakers = decide_roles(make_turns(script, TWO), layout="mono", priors=Priors(direction))
    assert [speaker.label for speaker in speakers if speaker.role == "agent"] == [agent]


def test_two_businesses_in_a_call_of_unknown_direction_ask_for_a_person() -> None:
    script = "A: Kessler Woodworking, how can I help?\nC: Hi, this is Anna from Acme"
    agent, _ = decide_roles(make_turns(script, TWO), layout="mono")
    assert (agent.role, agent.role_confidence, agent.evidence) == ("agent", 0.57, ("spoke first",))


def test_a_recorded_voice_is_no_party() -> None:
    announcement = "X: Thank you for calling. Calls are recorded. For sales press one. For anything else please wait."
    turns = make_turns(f"{announcement}\nA: yes\nC: my order is late", TWO | {"X": "Speaker 3"})
    assert [speaker.role for speaker in decide_roles(turns, layout="mono")] == ["agent", "customer", None]


@pytest.mark.parametrize("later", ["X: please hold", "C: well\nX: one moment\nC: yes"])
def test_a_third_voice_that_takes_part_is_not_a_recording(later: str) -> None:
    turns = make_turns(f"X: This call is recorded, sir\nA: yes\nC: no\n{later}", TWO | {"X": "Speaker 3"})
    roles = {speaker.label: speaker.role for speaker in decide_roles(turns, layout="mono")}
    assert roles["Speaker 3"] == "agent"


@pytest.mark.parametrize(
    ("said", "role"),
    [
        ("what's the consignment number", "agent"),
        ("can you read me the number", "agent"),
        ("are you the account holder", "agent"),
        ("you'll need to fill in a form", "agent"),
        ("that's forty pounds a month", "agent"),
        ("who'd be the best person to ask", "agent"),
        ("four four nine one two", "customer"),
        ("what if it rains", "customer"),
        ("where's my sofa", "customer"),
        ("you said Tuesday", "customer"),
        ("yes please", "customer"),
        ("who is it", "customer"),
    ],
)
def test_what_is_asked_given_offered_and_wished(said: str, role: str) -> None:
    (speaker,) = decide_roles(make_turns(f"A: {said}", TWO), layout="mono")
    assert speaker.role == role
