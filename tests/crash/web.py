"""Pays through the web server, many times at the same moment."""

import threading
import time

import requests
from lxml import html

IBAN = "DE02120300000000202051"


class Browser:
    """A customer who is signed in.

    :param str url: the server.
    :param str login: login and password.
    """

    def __init__(self, url, login):
        self.url = url
        self.session = requests.Session()
        page = html.fromstring(self.session.get(f"{url}/web/login", timeout=120).content)
        token = page.xpath("//input[@name='csrf_token']/@value")[0]
        values = {"login": login, "password": login, "csrf_token": token}
        self.session.post(f"{url}/web/login", data=values, timeout=60)

    def call(self, route, **params):
        """Return the result of a JSON-RPC call, or its error as a dict."""
        body = {"jsonrpc": "2.0", "method": "call", "id": 1, "params": params}
        cookies = self.session.cookies.get_dict()
        answer = requests.post(self.url + route, json=body, cookies=cookies, timeout=60).json()
        return answer.get("result", answer.get("error"))

    def fill_cart(self):
        """Put the package into the cart and return what the payment page says."""
        products = html.fromstring(self.session.get(f"{self.url}/shop", timeout=120).content)
        link = products.xpath("//a[contains(@href, 'crash-package')]/@href")[0]
        page = html.fromstring(self.session.get(self.url + link, timeout=60).content)
        values = {
            name: int(page.xpath(f"//input[@name='{name}']/@value")[0])
            for name in ("product_id", "product_template_id")
        }
        self.call("/shop/cart/add", quantity=1, **values)
        page = html.fromstring(self.session.get(f"{self.url}/shop/payment", timeout=60).content)
        form = page.get_element_by_id("o_payment_form")
        radio = form.xpath(".//input[@data-payment-method-code='sdd']")[0]
        self.route = form.get("data-transaction-route")
        self.params = {
            "provider_id": int(radio.get("data-provider-id")),
            "payment_method_id": int(radio.get("data-payment-option-id")),
            "token_id": None,
            "amount": float(form.get("data-amount")),
            "flow": "direct",
            "tokenization_requested": False,
            "landing_route": form.get("data-landing-route"),
            "is_validation": False,
            "access_token": form.get("data-access-token"),
        }
        return int(self.route.rsplit("/", 1)[1])

    def read_token(self):
        """Return the signed values of a newly opened payment form."""
        page = html.fromstring(self.session.get(f"{self.url}/shop/payment", timeout=60).content)
        return page.xpath("//*[@data-sdd-token]/@data-sdd-token")[0]

    def start_payment(self):
        """Return the parameters of the call that brings the IBAN."""
        token = self.read_token()
        values = self.call(self.route, **self.params)
        return {
            "reference": values["reference"],
            "access_token": values["sdd_access_token"],
            "holder": "Racer",
            "iban": IBAN,
            "accepted": True,
            "token": token,
        }


def wait_for(url):
    """Wait until the server answers."""
    for _attempt in range(600):
        try:
            requests.get(f"{url}/web/health", timeout=5).raise_for_status()
        except requests.RequestException:
            time.sleep(0.2)
        else:
            return
    raise SystemExit("The server does not start.")


def call_at_once(browser, all_params):
    """Make these submits at the same moment and return whether each was taken."""
    barrier = threading.Barrier(len(all_params))
    answers = []

    def submit(params):
        barrier.wait()
        answers.append(browser.call("/payment/sdd/submit", **params).get("ok", "error"))

    threads = [threading.Thread(target=submit, args=[params]) for params in all_params]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def race_submits(url):
    """Pay one order ten times at once and another from two windows.

    :return: {orders: the two orders' ids, same: answers, windows: answers}.
    """
    wait_for(url)
    first = Browser(url, "racer1")
    orders = [first.fill_cart()]
    same = call_at_once(first, [first.start_payment()] * 10)
    second = Browser(url, "racer2")
    orders.append(second.fill_cart())
    windows = call_at_once(second, [second.start_payment(), second.start_payment()])
    return {"orders": orders, "same": same, "windows": windows}
